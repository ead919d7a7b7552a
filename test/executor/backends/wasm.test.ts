import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TensorFlow } from '../../../src/executor/backends/contract.js';
import wasm from '../../../src/executor/backends/wasm.js';
import { compositions } from '../../../src/executor/backends/wasm/kernels.js';
import { cases, largestError, outputAndGradients, type Case } from './gradients.js';
import { trainSmallCnn } from './small-cnn.js';

/** float32 sums in another order. */
const TOLERANCE = 1e-4;

let tf: TensorFlow;
beforeAll(async () => {
  tf = await wasm.open();
});

const error = async (tried: Case): Promise<number> => largestError(await outputAndGradients(tf, 'wasm', tried), await outputAndGradients(tf, 'cpu', tried));

it('has every kernel that it is said to lack', () => {
  for (const name of Object.keys(compositions)) expect(tf.core.getKernel(name, 'wasm'), name).toMatchObject({ kernelName: name, backendName: 'wasm' });
});

describe('output and gradients are those of the cpu backend', () => {
  it.each(Object.entries(cases))('%s', async (_name, tried) => {
    expect(await error(tried)).toBeLessThan(TOLERANCE);
  });

  const geometry = fc.record({
    batch: fc.integer({ min: 1, max: 2 }),
    height: fc.integer({ min: 1, max: 9 }),
    width: fc.integer({ min: 1, max: 9 }),
    kernel: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })),
    stride: fc.integer({ min: 1, max: 3 }),
    pad: fc.constantFrom('same' as const, 'valid' as const),
    channels: fc.integer({ min: 1, max: 3 }),
    out: fc.integer({ min: 1, max: 3 }),
  });

  it.each(['convolution', 'depthwise'] as const)('%s of any geometry', async (kind) => {
    await fc.assert(
      fc.asyncProperty(geometry, async ({ batch, height, width, kernel: [kh, kw], stride, pad, channels, out }) => {
        fc.pre(pad === 'same' || (height >= kh && width >= kw));
        // Its own forward convolution is wrong for filters, other than 1 × 1, that are smaller than the stride: docs/backends.md.
        fc.pre((kh === 1 && kw === 1) || (kh >= stride && kw >= stride));
        const found = await error({
          input: [batch, height, width, channels],
          weights: [[kh, kw, channels, out]],
          f: (core, x, w) => (kind === 'depthwise' ? core.depthwiseConv2d(x as never, w as never, stride, pad) : core.conv2d(x as never, w as never, stride, pad)),
        });
        expect(found).toBeLessThan(TOLERANCE);
      }),
      { numRuns: 60 },
    );
  });
});

it.each(['wasm', 'cpu'])('average pooling divides by the places inside of the image, in its gradient too, on %s', async (backend) => {
  await tf.core.setBackend(backend);
  const x = tf.core.ones([1, 3, 3, 1]);
  const gradient = tf.core.grad((image) => tf.core.sum(tf.core.avgPool(image as never, 3, 1, 'same')))(x);
  // A window has 4 places at a corner, 6 at an edge, 9 in the middle; each place takes part in the windows of its neighbours.
  const [corner, edge, middle] = [1 / 4 + 2 / 6 + 1 / 9, 2 / 4 + 3 / 6 + 1 / 9, 4 / 4 + 4 / 6 + 1 / 9];
  expect(largestError([await gradient.data()], [[corner, edge, corner, edge, middle, edge, corner, edge, corner]])).toBeLessThan(TOLERANCE);
  tf.core.dispose([x, gradient]);
});

it('learns: training a small CNN brings the loss down, by the same steps as on the cpu backend', async () => {
  await tf.core.setBackend('cpu');
  const reference = await trainSmallCnn(tf, 4);
  await tf.core.setBackend('wasm');
  const before = tf.core.memory().numTensors;
  const loss = await trainSmallCnn(tf, 4);
  expect(loss[3]).toBeLessThan(0.5 * loss[0]);
  expect(largestError([loss], [reference])).toBeLessThan(1e-3);
  expect(tf.core.memory().numTensors - before).toBeLessThan(8);
});
