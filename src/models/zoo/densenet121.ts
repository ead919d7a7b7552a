import { channels, type Blocks, type Node } from '../blocks.js';
import { defineModel } from '../contract.js';
import { classify, convNorm } from '../convolutions.js';

const GROWTH = 32;

/** Normalisation comes before the convolution here. */
const normConv = (b: Blocks, x: Node, filters: number, kernel: number): Node => b.conv(b.activate(b.batchNorm(x), 'relu'), filters, kernel);

export default defineModel({
  name: 'densenet121',
  about: 'Each layer sees all layers before it in its block: few weights, many small operations.',
  source: 'Huang et al. 2017, arXiv:1608.06993; parameters as in torchvision.',
  inputSize: 224,
  smallestInput: 32,
  parameters: 7_978_856,
  billionMultiplyAdds: 2.83,
  connect(b, image, classes) {
    let x = b.maxPool(convNorm(b, image, 2 * GROWTH, 7, { stride: 2 }), 3, 2, 'same');
    for (const [i, layers] of [6, 12, 24, 16].entries()) {
      if (i > 0) x = b.averagePool(normConv(b, x, channels(x) / 2, 1), 2, 2);
      for (let j = 0; j < layers; j++) x = b.concat([x, normConv(b, normConv(b, x, 4 * GROWTH, 1), GROWTH, 3)]);
    }
    return classify(b, b.activate(b.batchNorm(x), 'relu'), classes);
  },
});
