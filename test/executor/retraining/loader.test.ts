import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Batches, loaderOf, type Loader } from '../../../src/executor/retraining/loader.js';
import { openLoaderThread } from '../../../src/executor/retraining/open-loader-thread.js';
import { shuffled, stepsOf } from '../../../src/executor/retraining/shuffle.js';
import { datasets } from '../../../src/executor/images/datasets.js';
import { InputError } from '../../../src/input/error.js';
import { built } from '../../experiment/built.js';

describe('the order of images', () => {
  it('is a permutation, the same for the same seed and epoch', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer(), fc.nat(20), (count, seed, epoch) => {
        const order = shuffled(count, seed, epoch);
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
        expect(shuffled(count, seed, epoch)).toEqual(order);
      }),
    );
  });

  it('is another one in each epoch and for each seed', () => {
    const orders = [shuffled(50, 1, 0), shuffled(50, 1, 1), shuffled(50, 2, 0)].map((order) => order.join());
    expect(new Set(orders).size).toBe(3);
  });

  it('puts each image at each place equally often', () => {
    const counts = Array.from({ length: 4 }, () => [0, 0, 0, 0]);
    for (let epoch = 0; epoch < 4000; epoch++) for (const [place, image] of shuffled(4, 1, epoch).entries()) counts[place][image]++;
    // χ² with 9 degrees of freedom is above 27.9 once in a thousand.
    expect(counts.flat().reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)).toBeLessThan(27.9);
  });
});

/** Notes what is asked for, and answers when it is told to. */
function slowLoader(count: number): Loader & { asked: number[][]; answer(error?: Error): void } {
  const waiting: ((error?: Error) => void)[] = [];
  const asked: number[][] = [];
  return {
    classes: ['a', 'b'],
    width: 1,
    height: 1,
    channels: 1,
    labels: new Uint16Array(count),
    asked,
    answer: (error) => waiting.shift()!(error),
    load: (indices) => {
      asked.push([...indices]);
      return new Promise((done, fail) => waiting.push((error) => (error === undefined ? done({ images: new Float32Array(indices.length), labels: new Int32Array(indices.length), loaderMs: 1 }) : fail(error))));
    },
    close: () => Promise.resolve(),
  };
}

describe('batches', () => {
  it('loads the next one while one is trained with, also the first of the next epoch, and each image once an epoch', async () => {
    const loader = slowLoader(5);
    const batches = new Batches(loader, 2, 1);
    let position = { epoch: 0, step: 0 };
    for (let i = 0; i < 6; i++) {
      const batch = batches.at(position);
      loader.answer();
      await batch;
      expect(loader.asked.length).toBe(i + 2);
      position = batches.after(position);
    }
    expect(position).toEqual({ epoch: 2, step: 0 });
    for (const epoch of [loader.asked.slice(0, 3), loader.asked.slice(3, 6)]) expect(epoch.flat().sort()).toEqual([0, 1, 2, 3, 4]);
    expect(stepsOf(5, 2)).toBe(3);
  });

  it('tells that loading ahead failed when the batch is asked for, and tries again after that', async () => {
    const loader = slowLoader(4);
    const batches = new Batches(loader, 2, 1);
    const first = batches.at({ epoch: 0, step: 0 });
    loader.answer();
    await first;
    loader.answer(new Error('unreadable'));
    await expect(batches.at({ epoch: 0, step: 1 })).rejects.toThrow('unreadable');
    const again = batches.at({ epoch: 0, step: 1 });
    loader.answer();
    expect((await again).images).toHaveLength(2);
  });
});

describe('a thread that loads', () => {
  const program = new URL(`file://${built('executor/retraining/loader-thread.js')}`);
  const given = { kind: 'generated', count: 8, side: 8 };

  it('reads what this thread would read, in the order asked', async () => {
    const thread = await openLoaderThread(given, program);
    const here = loaderOf(await datasets.generated.open({ count: 8, side: 8 }));
    expect({ classes: thread.classes, width: thread.width, labels: thread.labels }).toEqual({ classes: here.classes, width: 8, labels: here.labels });
    const [one, two] = await Promise.all([thread.load([3, 1]), thread.load([7])]);
    expect(one.images).toEqual((await here.load([3, 1])).images);
    expect(two.images).toEqual((await here.load([7])).images);
    expect(one.loaderMs).toBeGreaterThan(0);
    await thread.close();
  });

  it('goes on while this thread computes', async () => {
    const thread = await openLoaderThread(given, program);
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const loading = thread.load([0]);
    await new Promise((turn) => setImmediate(turn));
    const blockedMs = 1000;
    Atomics.wait(flag, 0, 0, blockedMs);
    // Loading that needed this thread would have lasted as long as it was blocked.
    expect((await loading).loaderMs).toBeLessThan(blockedMs);
    await thread.close();
  });

  it('tells mistakes as mistakes of the user', async () => {
    await expect(openLoaderThread({ kind: 'generatd', count: 8 }, program)).rejects.toThrow(InputError);
    await expect(openLoaderThread({ kind: 'folder', path: 'there-is-none' }, program)).rejects.toThrow(/there-is-none/);
  });
});
