import { InputError } from '../input/error.js';
import { didYouMean } from '../input/nearest.js';
import type { ZooModel } from './contract.js';
import alexnet from './zoo/alexnet.js';
import densenet121 from './zoo/densenet121.js';
import { efficientnetV2Large, efficientnetV2Small } from './zoo/efficientnet-v2.js';
import googlenet from './zoo/googlenet.js';
import inceptionV3 from './zoo/inception-v3.js';
import { mobilenetV1, mobilenetV1Width025, mobilenetV1Width050, mobilenetV1Width075 } from './zoo/mobilenet-v1.js';
import mobilenetV2 from './zoo/mobilenet-v2.js';
import mobilenetV3Small from './zoo/mobilenet-v3-small.js';
import resnet50 from './zoo/resnet50.js';
import squeezenet from './zoo/squeezenet1-0.js';
import vgg16 from './zoo/vgg16.js';

/** Every model that is built in code. One file for each family under zoo/, one line here, one row in docs/models.md. */
export const zoo: Record<string, ZooModel> = {
  alexnet,
  vgg16,
  resnet50,
  googlenet,
  inception_v3: inceptionV3,
  densenet121,
  squeezenet1_0: squeezenet,
  mobilenet_v1: mobilenetV1,
  mobilenet_v1_075: mobilenetV1Width075,
  mobilenet_v1_050: mobilenetV1Width050,
  mobilenet_v1_025: mobilenetV1Width025,
  mobilenet_v2: mobilenetV2,
  mobilenet_v3_small: mobilenetV3Small,
  efficientnet_v2_s: efficientnetV2Small,
  efficientnet_v2_l: efficientnetV2Large,
};

/**
 * The model of that name.
 *
 * @throws InputError if the zoo has none
 */
export function zooModel(name: string): ZooModel {
  const names = Object.keys(zoo);
  if (!names.includes(name)) throw new InputError(`no model is called ${JSON.stringify(name)}${didYouMean(name, names)}\nAllowed: ${names.join(', ')}, or the path or URL of a model.json.`);
  return zoo[name];
}
