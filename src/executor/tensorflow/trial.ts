// A process of its own, which tries the tfjs-node in the folder that it is given and writes a Trial as JSON.
import { loadTfjsNode } from './load.js';
import type { Trial } from './trial-result.js';

interface Tensor {
  dataSync(): Float32Array;
}
interface Variable extends Tensor {
  dispose(): void;
}

/** The part of TensorFlow.js that is used here. */
interface Tfjs {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  backend(): { isUsingGpuDevice?: boolean; binding?: { TF_Version: string } };
  tensor4d(values: readonly number[], shape: readonly number[]): Tensor;
  variable(initial: Tensor): Variable;
  conv2d(x: Tensor, filter: Tensor, strides: number, pad: string): Tensor;
  relu(x: Tensor): Tensor;
  square(x: Tensor): Tensor;
  mean(x: Tensor): Tensor;
  sub(a: Tensor, b: Tensor): Tensor;
  grad(f: (x: Tensor) => Tensor): (x: Tensor) => Tensor;
  train: { sgd(rate: number): { minimize(f: () => Tensor, returnCost: boolean, variables: readonly Variable[]): Tensor } };
  node: { encodePng(image: Tensor): Promise<Uint8Array>; decodePng(bytes: Uint8Array, channels: number): Tensor };
  tensor3d(values: readonly number[], shape: readonly number[], type: string): Tensor;
}

const STEPS = 20;
const IMAGES = [4, 12, 12, 3];
const FILTERS = [3, 3, 3, 8];

/** Values in [-1, 1) that are the same everywhere and have no pattern that a mistake could hide in. */
function values(shape: readonly number[], start: number): number[] {
  let state = start;
  return Array.from({ length: shape.reduce((product, n) => product * n, 1) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** A convolution, its gradient, and filters after steps of training towards other filters' output. */
function compute(tf: Tfjs): { conv2d: Float32Array; gradient: Float32Array; training: Float32Array; loss: [number, number] } {
  const images = tf.tensor4d(values(IMAGES, 1), IMAGES);
  const filters = tf.tensor4d(values(FILTERS, 2), FILTERS);
  const target = tf.conv2d(images, tf.tensor4d(values(FILTERS, 3), FILTERS), 1, 'same');
  const conv2d = tf.conv2d(images, filters, 1, 'same').dataSync();
  const gradient = tf.grad((x) => tf.mean(tf.square(tf.relu(tf.conv2d(images, x, 1, 'same')))))(filters).dataSync();
  const learnt = tf.variable(filters);
  const optimizer = tf.train.sgd(0.05);
  const losses: number[] = [];
  for (let i = 0; i < STEPS; i++) losses.push(optimizer.minimize(() => tf.mean(tf.square(tf.sub(tf.conv2d(images, learnt, 1, 'same'), target))), true, [learnt]).dataSync()[0]);
  const training = learnt.dataSync();
  learnt.dispose();
  return { conv2d, gradient, training, loss: [losses[0], losses[STEPS - 1]] };
}

/** Strings cross the C API in a layout of their own; pictures are handed over as such. */
async function checkPictures(tf: Tfjs): Promise<void> {
  const pixels = Array.from({ length: 48 }, (_, i) => (i * 37) % 256);
  const decoded = tf.node.decodePng(await tf.node.encodePng(tf.tensor3d(pixels, [4, 4, 3], 'int32')), 3).dataSync();
  if (pixels.some((value, i) => value !== decoded[i])) throw new Error('a PNG that was written is read back with other pixels');
}

function difference(a: Float32Array, b: Float32Array): number {
  let greatest = 0;
  let apart = 0;
  for (let i = 0; i < a.length; i++) {
    greatest = Math.max(greatest, Math.abs(b[i]));
    // Written so that a NaN counts as the greatest difference.
    apart = Math.abs(a[i] - b[i]) <= apart ? apart : Math.abs(a[i] - b[i]);
  }
  return apart / greatest;
}

const startedMs = performance.now();
const tf = loadTfjsNode(process.argv[2]) as Tfjs;
await tf.ready();
const loadMs = Math.round(performance.now() - startedMs);
const native = tf.backend();
const found = compute(tf);
await checkPictures(tf);
await tf.setBackend('cpu');
const expected = compute(tf);
const trial: Trial = {
  node: process.version,
  tensorflow: native.binding?.TF_Version ?? 'unknown',
  gpu: native.isUsingGpuDevice ?? false,
  difference: {
    conv2d: difference(found.conv2d, expected.conv2d),
    gradient: difference(found.gradient, expected.gradient),
    training: difference(found.training, expected.training),
  },
  loss: found.loss,
  loadMs,
};
// After the backend's banner, on a line of its own.
process.stdout.write(`\n${JSON.stringify(trial)}\n`);
