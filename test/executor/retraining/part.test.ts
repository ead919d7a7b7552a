import { expect, it } from 'vitest';
import type { Loader } from '../../../src/executor/retraining/loader.js';
import { parted } from '../../../src/executor/retraining/part.js';

/** A loader whose images have one value, the number in their name. */
function named(names: string[]): Loader {
  return {
    classes: ['even', 'odd'],
    width: 1,
    height: 1,
    channels: 1,
    labels: Uint16Array.from(names, (name) => Number(name) % 2),
    names,
    load: (indices) => Promise.resolve({ images: Float32Array.from(indices, (i) => Number(names[i])), labels: Int32Array.from(indices, (i) => Number(names[i]) % 2), loaderMs: 0 }),
    close: () => Promise.resolve(),
  };
}
const numbers = (first: number, count: number): string[] => Array.from({ length: count }, (_, i) => String(first + i));

it('parts images by the share, each with its own label', async () => {
  const { images, heldOut } = parted(named(numbers(0, 2000)), 0.2, 1);
  expect(images.labels.length + heldOut.labels.length).toBe(2000);
  expect(heldOut.labels.length).toBeGreaterThan(340);
  expect(heldOut.labels.length).toBeLessThan(460);
  const all = await Promise.all([images, heldOut].map((part) => part.load(Array.from({ length: part.labels.length }, (_, i) => i))));
  expect([...all[0].images, ...all[1].images].sort((a, b) => a - b)).toEqual(numbers(0, 2000).map(Number));
  for (const [i, part] of [images, heldOut].entries()) {
    expect([...all[i].labels]).toEqual([...part.labels]);
    expect([...all[i].images].map(String)).toEqual(part.names);
  }
});

it('an image that was trained with is never held out later, whatever else comes or goes', () => {
  const before = parted(named(numbers(100, 200)), 0.3, 'seed');
  const after = parted(named([...numbers(0, 100), ...numbers(150, 400)]), 0.3, 'seed');
  const trained = new Set(before.images.names);
  expect(after.heldOut.names!.filter((name) => trained.has(name))).toEqual([]);
  expect(after.heldOut.names!.filter((name) => before.heldOut.names!.includes(name)).length).toBeGreaterThan(10);
});

it('refuses to part where nothing would be left', () => {
  expect(() => parted(named(['0']), 0.5, 1)).toThrow(/of 1 images \d would be held out, and \d trained with; both need some/);
});
