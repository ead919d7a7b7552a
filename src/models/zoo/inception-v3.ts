import type { Blocks, Node } from '../blocks.js';
import { defineModel } from '../contract.js';
import { classify, convNorm, type NormalisedOptions } from '../convolutions.js';

type Kernel = number | [number, number];

const conv = (b: Blocks, x: Node, filters: number, kernel: Kernel, options: NormalisedOptions = {}): Node => convNorm(b, x, filters, kernel, { epsilon: 1e-3, ...options });
const half: NormalisedOptions = { stride: 2, pad: 'valid' };
const WIDE: Kernel = [1, 7];
const TALL: Kernel = [7, 1];

/** Keeps the size: 1 × 1, 5 × 5, two of 3 × 3, and pooling. */
function mixedA(b: Blocks, x: Node, pool: number): Node {
  const five = conv(b, conv(b, x, 48, 1), 64, 5);
  const three = conv(b, conv(b, conv(b, x, 64, 1), 96, 3), 96, 3);
  return b.concat([conv(b, x, 64, 1), five, three, conv(b, b.averagePool(x, 3, 1, 'same'), pool, 1)]);
}

function halvingB(b: Blocks, x: Node): Node {
  return b.concat([conv(b, x, 384, 3, half), conv(b, conv(b, conv(b, x, 64, 1), 96, 3), 96, 3, half), b.maxPool(x, 3, 2)]);
}

/** 7 × 7 as 1 × 7 and 7 × 1. */
function mixedC(b: Blocks, x: Node, middle: number): Node {
  const once = conv(b, conv(b, conv(b, x, middle, 1), middle, WIDE), 192, TALL);
  let twice = conv(b, conv(b, conv(b, x, middle, 1), middle, TALL), middle, WIDE);
  twice = conv(b, conv(b, twice, middle, TALL), 192, WIDE);
  return b.concat([conv(b, x, 192, 1), once, twice, conv(b, b.averagePool(x, 3, 1, 'same'), 192, 1)]);
}

function halvingD(b: Blocks, x: Node): Node {
  const seven = conv(b, conv(b, conv(b, conv(b, x, 192, 1), 192, WIDE), 192, TALL), 192, 3, half);
  return b.concat([conv(b, conv(b, x, 192, 1), 320, 3, half), seven, b.maxPool(x, 3, 2)]);
}

/** Branches that fork at their ends. */
function mixedE(b: Blocks, x: Node): Node {
  const fork = (y: Node): Node => b.concat([conv(b, y, 384, [1, 3]), conv(b, y, 384, [3, 1])]);
  const three = fork(conv(b, x, 384, 1));
  const twice = fork(conv(b, conv(b, x, 448, 1), 384, 3));
  return b.concat([conv(b, x, 320, 1), three, twice, conv(b, b.averagePool(x, 3, 1, 'same'), 192, 1)]);
}

export default defineModel({
  name: 'inception_v3',
  about: 'Wide blocks with factorised convolutions of 1 × 7 and 7 × 1.',
  source: 'Szegedy et al. 2016, arXiv:1512.00567; parameters as in torchvision, without the auxiliary classifier.',
  inputSize: 299,
  smallestInput: 75,
  parameters: 23_834_568,
  billionMultiplyAdds: 5.71,
  connect(b, image, classes) {
    let x = conv(b, conv(b, image, 32, 3, half), 32, 3, { pad: 'valid' });
    x = b.maxPool(conv(b, x, 64, 3), 3, 2);
    x = b.maxPool(conv(b, conv(b, x, 80, 1), 192, 3, { pad: 'valid' }), 3, 2);
    for (const pool of [32, 64, 64]) x = mixedA(b, x, pool);
    x = halvingB(b, x);
    for (const middle of [128, 160, 160, 192]) x = mixedC(b, x, middle);
    x = mixedE(b, mixedE(b, halvingD(b, x)));
    return classify(b, x, classes, 0.5);
  },
});
