import { channels, type Blocks, type Node } from '../blocks.js';
import { defineModel } from '../contract.js';
import { BRANCH_SCALE, classify, convNorm } from '../convolutions.js';

/** Three convolutions and a short cut around them. The stride is in the middle one, as torchvision has it. */
function bottleneck(b: Blocks, x: Node, width: number, stride: number): Node {
  const out = 4 * width;
  let y = convNorm(b, x, width, 1);
  y = convNorm(b, y, width, 3, { stride });
  y = convNorm(b, y, out, 1, { activation: 'none', scale: BRANCH_SCALE });
  const short = stride === 1 && channels(x) === out ? x : convNorm(b, x, out, 1, { stride, activation: 'none' });
  return b.activate(b.add(y, short), 'relu');
}

export default defineModel({
  name: 'resnet50',
  about: 'Residual blocks of three convolutions: the yardstick of most measurements.',
  source: 'He et al. 2016, arXiv:1512.03385; parameters as in torchvision.',
  inputSize: 224,
  smallestInput: 32,
  parameters: 25_557_032,
  billionMultiplyAdds: 4.09,
  connect(b, image, classes) {
    let x = b.maxPool(convNorm(b, image, 64, 7, { stride: 2 }), 3, 2, 'same');
    for (const [width, blocks, stride] of [[64, 3, 1], [128, 4, 2], [256, 6, 2], [512, 3, 2]])
      for (let i = 0; i < blocks; i++) x = bottleneck(b, x, width, i === 0 ? stride : 1);
    return classify(b, x, classes);
  },
});
