import { beforeAll, describe, expect, it } from 'vitest';
import wasm from '../../../src/executor/backends/wasm.js';
import { engines } from '../../../src/executor/engines.js';
import { backends } from '../../../src/executor/backends/backends.js';
import { batchOf } from '../../../src/executor/engines/tensorflow/images.js';
import type { ModelSpec } from '../../../src/executor/engines/engine.js';
import { openModel } from '../../../src/executor/models/open.js';
import { WorkerProcess } from '../../../src/executor/worker/worker-process.js';
import { stream } from '../../../src/random/stream.js';
import { built } from '../../experiment/built.js';

const SIZE = 32;
const LENGTH = SIZE * SIZE * 3;
const models = { small: { source: 'mobilenet_v1_025', input_size: SIZE, classes: 7 } };

it('has an engine for each backend, under its name', async () => {
  expect(Object.keys(engines)).toEqual(['fake', ...Object.keys(backends)]);
  for (const [name, load] of Object.entries(engines)) expect((await load()).name).toBe(name);
});

it('puts bytes and floats, wherever they begin, into one batch', () => {
  const floats = new Uint8Array(9);
  floats.set(new Uint8Array(Float32Array.of(0.25, -2).buffer), 1);
  expect([...batchOf([floats.subarray(1), Uint8Array.of(0, 255)], 2)]).toEqual([0.25, -2, 0, 1]);
  expect(() => batchOf([Uint8Array.of(1, 2, 3)], 2)).toThrow('an image has 3 bytes; 2 or 8 are needed');
});

/** A worker process that serves, from its start to its end. */
function worker(serve: string, options: object) {
  let told!: (spec: ModelSpec) => void;
  let ended!: (why: string) => void;
  const answers: ((all: readonly Uint8Array[]) => void)[] = [];
  const ready = new Promise<ModelSpec>((resolve) => (told = resolve));
  const end = new Promise<string>((resolve) => (ended = resolve));
  built('executor/worker/main.js');
  const process = new WorkerProcess({ engine: 'wasm', options, accelerator: 0, serve }, {}, { ready: told, answers: (_batch, _ms, all) => answers.shift()!(all), ended: (_memory, why) => ended(why) });
  const infer = (images: Uint8Array[]) => new Promise<readonly Uint8Array[]>((resolve) => {
    answers.push(resolve);
    process.infer(1, images);
  });
  return { process, ready, end, infer };
}

const floatsOf = (bytes: Uint8Array): number[] => [...new Float32Array(new Uint8Array(bytes).buffer)];

describe('a worker process with a model of the zoo on wasm', () => {
  const draw = stream(1, 'images');
  const images = Array.from({ length: 3 }, () => Float32Array.from({ length: LENGTH }, () => draw()));
  let expected: number[][];

  beforeAll(async () => {
    const tensorflow = await wasm.open();
    const model = await openModel(tensorflow, 'mobilenet_v1_025', { inputSize: SIZE, classes: 7 });
    expected = images.map((image) => [...model.predict(tensorflow.core.tensor(image, [1, SIZE, SIZE, 3])).dataSync()]);
  });

  it('answers what predict answers in one process', async () => {
    const { process, ready, infer } = worker('small', { models });
    try {
      const { input, output, memoryMiB } = await ready;
      expect(input.shape).toEqual([SIZE, SIZE, 3]);
      expect(output.shape).toEqual([7]);
      // 0.2 million parameters without the classifier, four bytes each.
      expect(memoryMiB).toBeGreaterThan(0.7);
      expect(memoryMiB).toBeLessThan(1.5);
      for (const [i, image] of images.entries()) expect(floatsOf((await infer([new Uint8Array(image.buffer)]))[0])).toEqual(expected[i]);
      const batch = await infer(images.map((image) => new Uint8Array(image.buffer)));
      batch.forEach((answer, i) => floatsOf(answer).forEach((score, k) => expect(score).toBeCloseTo(expected[i][k], 5)));
      expect(new Set(expected.map((scores) => scores.join())).size).toBe(3);
    } finally {
      process.kill();
    }
  });

  it('says why it cannot load', async () => {
    expect(await worker('mobilnet_v2', { models: {} }).end).toContain('no model is called "mobilnet_v2"; did you mean mobilenet_v2?');
    expect(await worker('small', { models: { small: { ...models.small, labels: ['a', 'b'] } } }).end).toBe('small: 2 labels are given, and its answers have 7 numbers');
  });
});
