import type * as core from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../../src/executor/backends/contract.js';
import { stream } from '../../../src/random/stream.js';

/** Numbers in -1..1, the same ones for the same seed. */
export function values(seed: number, count: number): Float32Array {
  const random = stream(seed, 'test-values');
  return Float32Array.from({ length: count }, () => 2 * random() - 1);
}

/** What is compared: a function of an input and its weights, given by their shapes. */
export interface Case {
  input: number[];
  weights?: number[][];
  f(tf: typeof core, x: core.Tensor, ...weights: core.Tensor[]): core.Tensor;
}

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/**
 * Output of a case, then the gradients of a weighted sum of it with respect to the input and each weight. The weights of the
 * sum differ from place to place, so that a gradient at the wrong place shows.
 */
export async function outputAndGradients({ core }: Pick<TensorFlow, 'core'>, backend: string, { input, weights = [], f }: Case): Promise<Float32Array[]> {
  await core.setBackend(backend);
  const given = [input, ...weights].map((shape, i) => core.tensor(values(i + 1, size(shape)), shape));
  const output = core.tidy(() => f(core, given[0], ...given.slice(1)));
  const importance = core.tensor(values(99, output.size), output.shape);
  const gradients = core.grads((x: core.Tensor, ...rest: core.Tensor[]) => core.sum(core.mul(f(core, x, ...rest), importance)))(given);
  const read = await Promise.all([output, ...gradients].map((tensor) => tensor.data<'float32'>()));
  core.dispose([...given, output, importance, ...gradients]);
  return read;
}

/** The largest |a − b| / max(1, |b|) over all values; infinite if the lengths differ or a value is not finite. */
export function largestError(a: readonly ArrayLike<number>[], b: readonly ArrayLike<number>[]): number {
  let largest = a.length === b.length ? 0 : Infinity;
  for (const [i, values] of a.entries()) {
    if (values.length !== b[i].length) return Infinity;
    for (let k = 0; k < values.length; k++) {
      const error = Math.abs(values[k] - b[i][k]) / Math.max(1, Math.abs(b[i][k]));
      if (!(error <= largest)) largest = Number.isNaN(error) ? Infinity : error;
    }
  }
  return largest;
}

type Pad = 'same' | 'valid';
type T4 = core.Tensor4D;

const conv = (input: number[], filter: number[], stride: number, pad: Pad): Case => ({ input, weights: [filter], f: (tf, x, w) => tf.conv2d(x as T4, w as T4, stride, pad) });
const depthwise = (input: number[], filter: number[], stride: number, pad: Pad): Case => ({
  input,
  weights: [filter],
  f: (tf, x, w) => tf.depthwiseConv2d(x as T4, w as T4, stride, pad),
});

/** One case for each kind of layer in the zoo, with the strides and paddings in which it occurs there. */
export const cases: Record<string, Case> = {
  'convolution 1 × 1': conv([2, 5, 5, 3], [1, 1, 3, 4], 1, 'same'),
  'convolution 1 × 1, stride 2': conv([2, 6, 6, 3], [1, 1, 3, 4], 2, 'same'),
  'convolution 3 × 3': conv([2, 7, 6, 3], [3, 3, 3, 4], 1, 'same'),
  'convolution 3 × 3, stride 2': conv([2, 8, 7, 3], [3, 3, 3, 4], 2, 'same'),
  'convolution 3 × 3, stride 2, valid, a row left over': conv([1, 8, 8, 2], [3, 3, 2, 4], 2, 'valid'),
  'convolution 1 × 7': conv([1, 9, 9, 2], [1, 7, 2, 3], 1, 'same'),
  'convolution 7 × 7, stride 2': conv([1, 15, 15, 3], [7, 7, 3, 2], 2, 'same'),
  'convolution 11 × 11, stride 4': conv([1, 32, 32, 3], [11, 11, 3, 2], 4, 'same'),
  'depthwise 3 × 3': depthwise([2, 6, 5, 4], [3, 3, 4, 1], 1, 'same'),
  'depthwise 3 × 3, stride 2': depthwise([2, 7, 8, 4], [3, 3, 4, 1], 2, 'same'),
  'depthwise 5 × 5, stride 2': depthwise([1, 9, 8, 3], [5, 5, 3, 1], 2, 'same'),
  'depthwise 3 × 3, valid, multiplier 2': depthwise([1, 8, 8, 3], [3, 3, 3, 2], 2, 'valid'),
  dense: { input: [3, 7], weights: [[7, 4], [4]], f: (tf, x, w, b) => tf.add(tf.matMul(x, w), b) },
  'maximum pooling': { input: [2, 7, 7, 3], f: (tf, x) => tf.maxPool(x as T4, 3, 2, 'same') },
  'average pooling': { input: [2, 6, 6, 3], f: (tf, x) => tf.avgPool(x as T4, 3, 1, 'same') },
  'global average pooling': { input: [2, 4, 5, 3], f: (tf, x) => tf.mean(x, [1, 2]) },
  'batch normalisation with the moments of the batch': {
    input: [4, 3, 3, 2],
    weights: [[2], [2]],
    f: (tf, x, beta, gamma) => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      return tf.batchNorm(x, mean, variance, beta, gamma, 1e-3);
    },
  },
  'rectified linear': { input: [40], f: (tf, x) => tf.relu(x) },
  'rectified linear up to 6': { input: [40], f: (tf, x) => tf.relu6(tf.mul(x, 12)) },
  sigmoid: { input: [40], f: (tf, x) => tf.sigmoid(x) },
  swish: { input: [40], f: (tf, x) => tf.mul(x, tf.sigmoid(x)) },
  'hard swish': { input: [40], f: (tf, x) => tf.mul(x, tf.div(tf.clipByValue(tf.add(tf.mul(x, 5), 3), 0, 6), 6)) },
  'scale by channel': { input: [2, 4, 4, 3], weights: [[2, 1, 1, 3]], f: (tf, x, scale) => tf.mul(x, scale) },
  add: { input: [2, 4, 4, 3], weights: [[2, 4, 4, 3]], f: (tf, x, y) => tf.add(x, y) },
  concatenate: { input: [2, 3, 3, 2], weights: [[2, 3, 3, 4]], f: (tf, x, y) => tf.concat([x, y], 3) },
  'zero padding': { input: [2, 3, 3, 2], f: (tf, x) => tf.pad(x, [[0, 0], [1, 2], [0, 1], [0, 0]]) },
  'nearest upsampling': { input: [1, 2, 2, 3], f: (tf, x) => tf.image.resizeNearestNeighbor(x as T4, [6, 6]) },
  'softmax and cross-entropy': { input: [3, 5], f: (tf, x) => tf.neg(tf.log(tf.clipByValue(tf.softmax(x), 1e-7, 1))) },
};
