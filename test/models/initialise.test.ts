import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TensorFlow } from '../../src/executor/backends/contract.js';
import wasm from '../../src/executor/backends/wasm.js';
import { openModel } from '../../src/executor/models/open.js';
import { zoo } from '../../src/models/zoo.js';
import { largestError, values } from '../executor/backends/gradients.js';

/** float32 sums in another order, through up to 200 layers. */
const TOLERANCE = 1e-3;

let tf: TensorFlow;
beforeAll(async () => {
  tf = await wasm.open();
});

async function answers(backends: string[], name: string, inputSize: number, seed = 3): Promise<Float32Array[]> {
  await tf.core.setBackend('wasm');
  const model = await openModel(tf, name, { inputSize, classes: 5, seed });
  const x = tf.core.tensor(values(11, inputSize * inputSize * 3), [1, inputSize, inputSize, 3]);
  const answers: Float32Array[] = [];
  for (const backend of backends) {
    await tf.core.setBackend(backend);
    const y = model.predict(x);
    answers.push((await y.data()) as Float32Array);
    y.dispose();
  }
  x.dispose();
  model.dispose();
  return answers;
}

/** Half a minute, and the kinds of layers of alexnet and efficientnet_v2_s again. Their answers are compared where native TensorFlow is built: test/executor/backends/native.test.ts. */
const SLOW = ['vgg16', 'efficientnet_v2_l'];
const compared = Object.values(zoo).filter(({ name }) => !SLOW.includes(name));

describe('with seeded weights models answer with probabilities, the same on wasm and cpu', () => {
  it.each(compared.map(({ name, smallestInput }) => [name, smallestInput] as const))('%s', async (name, inputSize) => {
    const [found, reference] = await answers(['wasm', 'cpu'], name, inputSize);
    expect([...found].reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
    expect(new Set(found).size).toBeGreaterThan(1);
    expect(Math.max(...found)).toBeLessThan(0.9999);
    expect(largestError([found], [reference])).toBeLessThan(TOLERANCE);
  });
});

it('the seed decides the weights, and nothing else does', async () => {
  const first = await answers(['wasm'], 'squeezenet1_0', 32, 1);
  expect(await answers(['wasm'], 'squeezenet1_0', 32, 1)).toEqual(first);
  expect(await answers(['wasm'], 'squeezenet1_0', 32, 2)).not.toEqual(first);
});
