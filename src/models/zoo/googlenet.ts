import type { Blocks, Node } from '../blocks.js';
import { defineModel } from '../contract.js';
import { classify, convNorm } from '../convolutions.js';

const epsilon = 1e-3;

type Branches = readonly [one: number, reduce3: number, three: number, reduce5: number, five: number, pool: number];

/** Four branches beside each other. The one that is called 5 × 5 has 3 × 3 in torchvision, and so here. */
function inception(b: Blocks, x: Node, [one, reduce3, three, reduce5, five, pool]: Branches): Node {
  const conv = (y: Node, filters: number, kernel: number) => convNorm(b, y, filters, kernel, { epsilon });
  return b.concat([conv(x, one, 1), conv(conv(x, reduce3, 1), three, 3), conv(conv(x, reduce5, 1), five, 3), conv(b.maxPool(x, 3, 1, 'same'), pool, 1)]);
}

const THIRD: Branches[] = [[64, 96, 128, 16, 32, 32], [128, 128, 192, 32, 96, 64]];
const FOURTH: Branches[] = [[192, 96, 208, 16, 48, 64], [160, 112, 224, 24, 64, 64], [128, 128, 256, 24, 64, 64], [112, 144, 288, 32, 64, 64], [256, 160, 320, 32, 128, 128]];
const FIFTH: Branches[] = [[256, 160, 320, 32, 128, 128], [384, 192, 384, 48, 128, 128]];

export default defineModel({
  name: 'googlenet',
  about: 'Nine blocks of four branches, the first inception network, with batch normalisation.',
  source: 'Szegedy et al. 2015, arXiv:1409.4842; parameters as in torchvision, without the auxiliary classifiers.',
  inputSize: 224,
  smallestInput: 32,
  parameters: 6_624_904,
  billionMultiplyAdds: 1.5,
  connect(b, image, classes) {
    let x = b.maxPool(convNorm(b, image, 64, 7, { stride: 2, epsilon }), 3, 2, 'ceil');
    x = convNorm(b, convNorm(b, x, 64, 1, { epsilon }), 192, 3, { epsilon });
    x = b.maxPool(x, 3, 2, 'ceil');
    for (const branches of THIRD) x = inception(b, x, branches);
    x = b.maxPool(x, 3, 2, 'ceil');
    for (const branches of FOURTH) x = inception(b, x, branches);
    x = b.maxPool(x, 2, 2, 'ceil');
    for (const branches of FIFTH) x = inception(b, x, branches);
    return classify(b, x, classes, 0.2);
  },
});
