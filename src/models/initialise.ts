import type * as tfc from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { stream } from '../random/stream.js';

const HALF = 2 ** 16;
const WHOLE = 2 ** 32;

/** How many inputs one output of a kernel adds up. */
function fanIn(name: string, shape: readonly number[]): number {
  const all = shape.reduce((product, length) => product * length, 1);
  const outputs = name.includes('depthwise') ? shape[2] * shape[3] : shape[shape.length - 1];
  return all / outputs;
}

/**
 * Gives every kernel random values by He et al. 2015 (arXiv:1502.01852): uniform in ±√(6 / fan in), which keeps the spread of the
 * signal through rectified layers. The same seed gives the same bytes on every backend and Node version. Biases stay 0, scales 1.
 */
export function initialise(core: Pick<typeof tfc, 'tensor'>, model: tfl.LayersModel, seed: number): void {
  for (const weight of model.trainableWeights) {
    if (!/kernel/.test(weight.originalName)) continue;
    const shape = weight.shape as number[];
    const draw = stream(seed, 'weights', weight.originalName);
    const limit = Math.sqrt(6 / fanIn(weight.originalName, shape));
    const values = new Float32Array(shape.reduce((product, length) => product * length, 1));
    // A draw has 32 bits, and a weight needs no more than 16: the largest models have 10⁸ of them.
    const step = (2 * limit) / (HALF - 1);
    for (let i = 0; i < values.length; i += 2) {
      const bits = draw() * WHOLE;
      const upper = Math.floor(bits / HALF);
      values[i] = step * upper - limit;
      values[i + 1] = step * (bits - upper * HALF) - limit;
    }
    const tensor = core.tensor(values, shape, 'float32');
    weight.write(tensor);
    tensor.dispose();
  }
}
