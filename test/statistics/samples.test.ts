import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantileSorted, samples, sortSamples } from '../../src/statistics/samples.js';

const values = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 50 });

describe('samples', () => {
  it('are copied, and sorted as numbers', () => {
    const given = [10, 9, 2, -1];
    const sorted = sortSamples(samples(given));
    expect(sorted).toEqual([-1, 2, 9, 10]);
    expect(given).toEqual([10, 9, 2, -1]);
  });

  it('are not empty and not NaN', () => {
    expect(() => samples([])).toThrow(RangeError);
    expect(() => samples(Float64Array.of(1, NaN))).toThrow(RangeError);
  });
});

describe('quantileSorted', () => {
  it('interpolates as type 7', () => {
    // R: quantile(c(1, 2, 4, 8), c(0, .1, .25, .5, .9, 1))
    const sorted = sortSamples(samples([8, 1, 4, 2]));
    expect([0, 0.1, 0.25, 0.5, 0.9, 1].map((p) => +quantileSorted(sorted, p).toFixed(12))).toEqual([1, 1.3, 1.75, 3, 6.8, 8]);
    expect(quantileSorted(sortSamples(samples([3])), 0.99)).toBe(3);
  });

  it('lies between the extremes and does not descend in p', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (given, p, q) => {
        const sorted = sortSamples(samples(given));
        const low = quantileSorted(sorted, Math.min(p, q));
        const high = quantileSorted(sorted, Math.max(p, q));
        expect(low).toBeGreaterThanOrEqual(sorted[0]);
        expect(high).toBeLessThanOrEqual(sorted[sorted.length - 1]);
        expect(high - low).toBeGreaterThanOrEqual(-1e-6);
      }),
    );
  });

  it('does not type-check for unsorted data, and sorted data cannot be changed', () => {
    const unsorted = samples([3, 1, 2]);
    // @ts-expect-error samples have no order
    quantileSorted(unsorted, 0.5);
    // @ts-expect-error a plain list was never checked
    quantileSorted([1, 2, 3], 0.5);
    // @ts-expect-error a plain list was never checked
    sortSamples([3, 1, 2]);
    const sorted = sortSamples(unsorted);
    // @ts-expect-error sorted samples are read-only
    sorted.reverse();
    expect(unsorted).toEqual([3, 1, 2]);
  });

  it('refuses what is no probability', () => {
    for (const p of [-0.1, 1.1, 95, NaN]) expect(() => quantileSorted(sortSamples(samples([1])), p)).toThrow(RangeError);
  });
});
