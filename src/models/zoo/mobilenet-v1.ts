import { defineModel, type ZooModel } from '../contract.js';
import { classify, convNorm, depthwiseNorm } from '../convolutions.js';

const epsilon = 1e-3;
const activation = 'relu6';

/** Channels and stride of each pair of a depthwise and a 1 × 1 convolution, at full width. */
const PAIRS = [[64, 1], [128, 2], [128, 1], [256, 2], [256, 1], [512, 2], [512, 1], [512, 1], [512, 1], [512, 1], [512, 1], [1024, 2], [1024, 1]];

/** MobileNet with all channels multiplied by a width. */
const ofWidth = (width: number, name: string, parameters: number, billionMultiplyAdds: number): ZooModel =>
  defineModel({
    name,
    about: `Depthwise convolutions throughout, ${width === 1 ? 'at full width' : `with ${width} of the channels`}.`,
    source: 'Howard et al. 2017, arXiv:1704.04861; parameters as in Keras, trainable ones.',
    inputSize: 224,
    smallestInput: 32,
    parameters,
    billionMultiplyAdds,
    connect(b, image, classes) {
      let x = convNorm(b, image, 32 * width, 3, { stride: 2, activation, epsilon });
      for (const [filters, stride] of PAIRS) x = convNorm(b, depthwiseNorm(b, x, 3, stride, activation, epsilon), filters * width, 1, { activation, epsilon });
      return classify(b, x, classes, 0.001);
    },
  });

export const mobilenetV1 = ofWidth(1, 'mobilenet_v1', 4_231_976, 0.569);
export const mobilenetV1Width075 = ofWidth(0.75, 'mobilenet_v1_075', 2_585_560, 0.325);
export const mobilenetV1Width050 = ofWidth(0.5, 'mobilenet_v1_050', 1_331_592, 0.149);
export const mobilenetV1Width025 = ofWidth(0.25, 'mobilenet_v1_025', 470_072, 0.041);
