import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '../../src/random/stream.js';
import { BatchedSeries, mserCut } from '../../src/statistics/mser.js';

/** The definition, in O(n²). */
function slowCut(y: readonly number[]): number {
  let cut = 0;
  let smallest = Infinity;
  for (let d = 0; d <= Math.floor(y.length / 2) && d < y.length; d++) {
    const kept = y.slice(d);
    const mean = kept.reduce((sum, x) => sum + x, 0) / kept.length;
    const statistic = kept.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / (kept.length * kept.length);
    if (statistic < smallest) {
      smallest = statistic;
      cut = d;
    }
  }
  return cut;
}

describe('mserCut', () => {
  it('is the minimum of its definition', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 60 }), (y) => {
        // Where two cuts are equal but for rounding, either is right.
        const statistic = (d: number) => {
          const kept = y.slice(d);
          const mean = kept.reduce((sum, x) => sum + x, 0) / kept.length;
          return kept.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / (kept.length * kept.length);
        };
        const cut = mserCut(y);
        expect(cut).toBeLessThanOrEqual(y.length / 2);
        if (y.length > 0) expect(statistic(cut)).toBeCloseTo(statistic(slowCut(y)), 6);
      }),
    );
  });

  it('finds the end of an initial transient', () => {
    const random = stream(1, 'transient');
    const y = Array.from({ length: 400 }, (_, i) => 10 + random() + (i < 60 ? 20 * Math.exp(-i / 12) : 0));
    const cut = mserCut(y);
    expect(cut).toBeGreaterThan(30);
    expect(cut).toBeLessThan(80);
  });

  it('cuts next to nothing from a stationary series, nothing from a constant or empty one', () => {
    const random = stream(2, 'stationary');
    expect(mserCut(Float64Array.from({ length: 2000 }, () => random()))).toBeLessThan(200);
    expect(mserCut(new Float64Array(100).fill(0.1))).toBe(0);
    expect(mserCut([])).toBe(0);
    expect(mserCut([1])).toBe(0);
  });

  it('goes to its limit when the series never settles', () => {
    expect(mserCut(Array.from({ length: 101 }, (_, i) => i))).toBe(50);
  });
});

describe('BatchedSeries', () => {
  it('holds the means of complete batches of five', () => {
    const series = new BatchedSeries();
    for (let i = 1; i <= 12; i++) series.add(i);
    expect(series.means()).toEqual(Float64Array.of(3, 8));
    expect(series.batchSize).toBe(5);
  });

  const values400 = fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 400 });
  it('merges neighbours when full, and never loses or reorders a complete batch', () => {
    fc.assert(
      fc.property(values400, fc.constantFrom(2, 4, 8, 10), fc.constantFrom(1, 5), (values, max, size) => {
        const series = new BatchedSeries(max, size);
        for (const value of values) series.add(value);
        const means = series.means();
        expect(means.length).toBeLessThan(max);
        expect((means.length + 1) * series.batchSize).toBeGreaterThan(values.length);
        expect(Number.isInteger(Math.log2(series.batchSize / size))).toBe(true);
        means.forEach((mean, i) => {
          const batch = values.slice(i * series.batchSize, (i + 1) * series.batchSize);
          expect(mean).toBeCloseTo(batch.reduce((sum, x) => sum + x, 0) / series.batchSize, 9);
        });
      }),
    );
  });

  it('stays bounded for a long stream', () => {
    const series = new BatchedSeries(64);
    for (let i = 0; i < 1_000_000; i++) series.add(i);
    expect(series.means().length).toBeLessThan(64);
    expect(series.means().length).toBeGreaterThanOrEqual(31);
  });

  it('refuses sizes that it cannot merge', () => {
    for (const max of [0, 7, -2, NaN]) expect(() => new BatchedSeries(max)).toThrow(RangeError);
    for (const size of [0, 1.5, NaN]) expect(() => new BatchedSeries(8, size)).toThrow(RangeError);
  });
});
