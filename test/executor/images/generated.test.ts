import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { turnOf } from '../../../src/executor/images/blobs.js';
import { openImages } from '../../../src/executor/images/datasets.js';
import { classWeights } from '../../../src/executor/images/datasets/generated.js';

const open = (more = {}) => openImages({ kind: 'generated', count: 20, side: 16, ...more });

async function pixels(more = {}, indices = [0, 1, 2, 3, 4]): Promise<Float32Array> {
  const images = await open(more);
  const into = new Float32Array(indices.length * images.width * images.height * images.channels);
  await images.read(indices, into);
  return into;
}
const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
function variance(values: ArrayLike<number>): number {
  const centre = mean(values);
  return mean(Array.from(values, (value) => (value - centre) ** 2));
}

describe('generated', () => {
  it('gives the same images for the same seed, in any order and batch, and others for another seed', async () => {
    const all = await pixels({}, [0, 1, 2]);
    const one = 16 * 16 * 3;
    expect(await pixels({}, [2])).toEqual(all.subarray(2 * one));
    expect(await pixels({ seed: 2 }, [0, 1, 2])).not.toEqual(all);
    expect(await pixels({ first: 2 }, [0])).toEqual(all.subarray(2 * one)); // numbers, not places
    expect((await open({ first: 5, count: 15 })).labels).toEqual((await open()).labels.subarray(5));
  });

  it('has the same bytes on every Node version', async () => {
    const drift = { brightness: 0.1, blur: 0.02, rotation_degrees: 33, noise: 0.1, class_shift: 0.3 };
    const indices = [...Array(200).keys()];
    const values = await pixels({ count: 200, side: 32, drift }, indices);
    const { labels } = await open({ count: 200, side: 32, drift });
    expect(createHash('sha256').update(values).update(labels).digest('hex')).toBe('f8c98ea2c337e31e01cae1acd5efa6f01102543b654cd232cf7b56313b7a587f');
  });

  it('stays within [0, 1] whatever the drift', async () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.record({ brightness: fc.double({ min: -1, max: 1, noNaN: true }), blur: share, rotation_degrees: fc.double({ min: -360, max: 360, noNaN: true }), noise: share, class_shift: share }), async (drift) => {
        const values = await pixels({ drift, side: 8 });
        expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('drift of nothing changes nothing, byte by byte', async () => {
    expect(await pixels({ drift: { brightness: 0, blur: 0, rotation_degrees: 0, noise: 0, class_shift: 0 } })).toEqual(await pixels());
  });

  it('a whole turn is none, and two quarter turns are a half', async () => {
    const [plain, turned] = [await pixels(), await pixels({ drift: { rotation_degrees: 360 } })];
    plain.forEach((value, i) => expect(turned[i]).toBeCloseTo(value, 6));
    // A half turn brings pixel (row, column) to (15 − row, 15 − column).
    const half = await pixels({ drift: { rotation_degrees: 180 }, channels: 1 }, [0]);
    const upright = await pixels({ channels: 1 }, [0]);
    upright.forEach((value, i) => expect(half[255 - i]).toBeCloseTo(value, 5));
    // A quarter turn clockwise brings (row, column) to (column, 15 − row).
    const quarter = await pixels({ drift: { rotation_degrees: 90 }, channels: 1 }, [0]);
    upright.forEach((value, i) => expect(quarter[(i % 16) * 16 + 15 - Math.floor(i / 16)]).toBeCloseTo(value, 5));
  });

  it('brightness adds what it says where nothing is cut off', async () => {
    const [plain, bright] = [await pixels(), await pixels({ drift: { brightness: 0.1 } })];
    let compared = 0;
    for (const [i, value] of plain.entries()) {
      if (value <= 0 || value >= 0.9) continue;
      expect(bright[i]).toBeCloseTo(value + 0.1, 5);
      compared++;
    }
    expect(compared).toBeGreaterThan(1000);
  });

  it('noise has the standard deviation that it says, and blur takes away contrast', async () => {
    const flat = { drift: { blur: 1 }, variation: 0 }; // nearly grey
    const [grey, noisy] = [await pixels(flat), await pixels({ ...flat, drift: { blur: 1, noise: 0.1 } })];
    expect(Math.sqrt(variance(noisy.map((value, i) => value - grey[i])))).toBeCloseTo(0.1, 2);
    const contrasts = await Promise.all([0, 0.02, 0.05, 0.1, 0.3].map(async (blur) => variance(await pixels({ drift: { blur } }))));
    expect(contrasts).toEqual(contrasts.toSorted((a, b) => b - a));
    expect(contrasts.at(-1)).toBeLessThan(contrasts[0] / 4);
  });

  it('has all classes alike often, and shifts them as it says', async () => {
    const counts = async (class_shift: number) => {
      const { labels } = await open({ count: 20_000, classes: 5, drift: { class_shift } });
      const found = [0, 0, 0, 0, 0];
      for (const label of labels) found[label]++;
      return found.map((count) => count / labels.length);
    };
    // Five standard deviations of a share of 20,000.
    const near = 5 * Math.sqrt((0.2 * 0.8) / 20_000);
    for (const share of await counts(0)) expect(Math.abs(share - 0.2)).toBeLessThan(near);
    for (const [k, share] of (await counts(0.5)).entries()) expect(Math.abs(share - 0.2 * [0.5, 0.5, 1, 1.5, 1.5][k])).toBeLessThan(2 * near);
    expect((await counts(1)).slice(0, 2)).toEqual([0, 0]);
  });

  it('weights of classes always add up to their number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 50 }), fc.double({ min: 0, max: 1, noNaN: true }), (classes, shift) => {
        expect(classWeights(classes, shift).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(classes, 9);
      }),
    );
  });

  it('can be told apart by the nearest mean image, which drift spoils', async () => {
    const accuracy = async (drift: object) => {
      const train = await open({ count: 300, classes: 4, channels: 1 });
      const test = await open({ count: 200, first: 300, classes: 4, channels: 1, drift });
      const [a, b] = [new Float32Array(300 * 256), new Float32Array(200 * 256)];
      await train.read([...train.labels.keys()], a);
      await test.read([...test.labels.keys()], b);
      const means = [0, 1, 2, 3].map((label) => {
        const own = [...train.labels.keys()].filter((i) => train.labels[i] === label);
        return Array.from({ length: 256 }, (_, k) => mean(own.map((i) => a[i * 256 + k])));
      });
      const distance = (i: number, centre: readonly number[]) => centre.reduce((sum, value, k) => sum + (value - b[i * 256 + k]) ** 2, 0);
      const right = [...test.labels].filter((label, i) => means.map((centre) => distance(i, centre)).every((d, k, all) => d >= all[label] || k === label));
      return right.length / 200;
    };
    const [plain, turned] = [await accuracy({}), await accuracy({ rotation_degrees: 90 })];
    expect(plain).toBeGreaterThan(0.9);
    expect(turned).toBeLessThan(plain - 0.3);
  });
});

describe('turnOf', () => {
  it('is the cosine and the sine, to 1e-14', () => {
    fc.assert(
      fc.property(fc.double({ min: -720, max: 720, noNaN: true }), (degrees) => {
        const [cos, sin] = turnOf(degrees);
        expect(Math.abs(cos - Math.cos((degrees * Math.PI) / 180))).toBeLessThan(1e-14);
        expect(Math.abs(sin - Math.sin((degrees * Math.PI) / 180))).toBeLessThan(1e-14);
      }),
    );
  });
});
