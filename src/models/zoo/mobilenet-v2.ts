import { channels } from '../blocks.js';
import { defineModel } from '../contract.js';
import { classify, convNorm } from '../convolutions.js';
import { invertedResidual } from '../inverted-residual.js';

const activation = 'relu6';

/** Expansion, channels, repeats, stride of the first. */
const STAGES = [[1, 16, 1, 1], [6, 24, 2, 2], [6, 32, 3, 2], [6, 64, 4, 2], [6, 96, 3, 1], [6, 160, 3, 2], [6, 320, 1, 1]];

export default defineModel({
  name: 'mobilenet_v2',
  about: 'Inverted residuals with linear bottlenecks, for phones.',
  source: 'Sandler et al. 2018, arXiv:1801.04381; parameters as in torchvision.',
  inputSize: 224,
  smallestInput: 32,
  parameters: 3_504_872,
  billionMultiplyAdds: 0.3,
  connect(b, image, classes) {
    let x = convNorm(b, image, 32, 3, { stride: 2, activation });
    for (const [expansion, out, repeats, stride] of STAGES)
      for (let i = 0; i < repeats; i++) x = invertedResidual(b, x, { kernel: 3, stride: i === 0 ? stride : 1, expanded: expansion * channels(x), out, activation });
    return classify(b, convNorm(b, x, 1280, 1, { activation }), classes, 0.2);
  },
});
