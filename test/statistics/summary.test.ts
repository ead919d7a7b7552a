import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '../../src/random/stream.js';
import { mean, meanInterval, variance } from '../../src/statistics/summary.js';
import { erlangMeans, lognormalMeans, normalMeans, type Source } from './replications.js';

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });

describe('mean and variance', () => {
  it('agree with a sum worked by hand', () => {
    expect(mean([2, 4, 4, 4, 5, 5, 7, 9])).toBe(5);
    expect(variance([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(32 / 7, 14);
    expect(variance(Float64Array.of(3))).toBe(0);
  });

  it('do not lose the variance of numbers with a large common part', () => {
    expect(variance([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])).toBe(30);
  });

  it('are exact for equal values', () => {
    fc.assert(
      fc.property(finite, fc.integer({ min: 1, max: 50 }), (value, n) => {
        const values = new Float64Array(n).fill(value);
        expect(mean(values)).toBe(value + 0);
        expect(variance(values)).toBe(0);
      }),
    );
  });

  it('refuse what has no mean', () => {
    expect(() => mean([])).toThrow(RangeError);
    for (const value of [NaN, Infinity, -Infinity]) {
      expect(() => mean([1, value])).toThrow(RangeError);
      expect(() => mean([value, 1])).toThrow(RangeError);
    }
  });
});

describe('meanInterval', () => {
  it('is Student\'s t interval for symmetric values', () => {
    // n = 5, s² = 2.5, t(0.975, 4) = 2.7764451051977987
    const half = 2.7764451051977987 * Math.sqrt(2.5 / 5);
    const { mean, ci95, halfWidth, n } = meanInterval([1, 2, 3, 4, 5]);
    expect([mean, n]).toEqual([3, 5]);
    expect(ci95[0]).toBeCloseTo(3 - half, 12);
    expect(ci95[1]).toBeCloseTo(3 + half, 12);
    expect(halfWidth).toBeCloseTo(half, 12);
    // t(0.95, 4) = 2.13184678632665
    expect(meanInterval([1, 2, 3, 4, 5], 0.9).halfWidth).toBeCloseTo(2.13184678632665 * Math.sqrt(0.5), 12);
  });

  it('solves Hall\'s cubic', () => {
    const values = [1, 1, 2, 2, 3, 4, 9, 15];
    const n = values.length;
    const { mean: centre, ci95 } = meanInterval(values);
    const second = values.reduce((sum, x) => sum + (x - centre) * (x - centre), 0) / n;
    const third = values.reduce((sum, x) => sum + (x - centre) * (x - centre) * (x - centre), 0) / n;
    const a = third / (second * Math.sqrt(second)) / Math.sqrt(n);
    // t(0.975, 7) = 2.3646242515927844
    for (const [bound, expected] of [[ci95[0], 2.3646242515927844], [ci95[1], -2.3646242515927844]]) {
      const t = (centre - bound) / Math.sqrt(second / (n - 1));
      expect(t + a * ((t * t) / 3 + 1 / 6) + (a * a * t * t * t) / 27).toBeCloseTo(expected, 10);
    }
    expect(ci95[1] - centre).toBeGreaterThan(centre - ci95[0]);
  });

  it('contains the mean, mirrors, shifts, scales and widens with the level', () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 2, maxLength: 40 }), (values) => {
        const { mean, ci95, halfWidth } = meanInterval(values);
        const close = 1e-9 * Math.max(1, ...values.map(Math.abs));
        for (const number of [mean, ...ci95, halfWidth]) expect(Number.isFinite(number)).toBe(true);
        expect(ci95[0]).toBeLessThanOrEqual(ci95[1]);
        const mirrored = meanInterval(values.map((x) => -x));
        expect(Math.abs(mirrored.ci95[0] + ci95[1])).toBeLessThanOrEqual(close);
        expect(Math.abs(mirrored.ci95[1] + ci95[0])).toBeLessThanOrEqual(close);
        expect(Math.abs(meanInterval(values.map((x) => 4 * x)).halfWidth - 4 * halfWidth)).toBeLessThanOrEqual(4 * close);
        expect(meanInterval(values, 0.99).halfWidth).toBeGreaterThanOrEqual(halfWidth);
      }),
    );
  });

  it('is a point without variance, and everything after one replication; never NaN', () => {
    expect(meanInterval([0.1, 0.1, 0.1])).toEqual({ mean: 0.1, ci95: [0.1, 0.1], halfWidth: 0, n: 3 });
    expect(meanInterval([7])).toEqual({ mean: 7, ci95: [-Infinity, Infinity], halfWidth: Infinity, n: 1 });
    expect(meanInterval([0, 1e-320]).ci95).not.toContain(NaN);
    expect(meanInterval([-1e200, 0, 1e200]).ci95).not.toContain(NaN);
  });

  it('refuses impossible levels and no values', () => {
    for (const level of [0, 1, 95, NaN]) expect(() => meanInterval([1, 2], level)).toThrow(RangeError);
    expect(() => meanInterval([])).toThrow(RangeError);
    expect(() => meanInterval([1, NaN])).toThrow(RangeError);
  });

  function coverage(source: Source, n: number, trials: number): number {
    const random = stream(1, 'coverage');
    let hits = 0;
    const values = new Float64Array(n);
    for (let trial = 0; trial < trials; trial++) {
      for (let i = 0; i < n; i++) values[i] = source.draw(random);
      const { ci95 } = meanInterval(values);
      if (ci95[0] <= source.truth && source.truth <= ci95[1]) hits++;
    }
    return hits / trials;
  }
  it.each<[string, number, Source]>([
    ['normal', 20, normalMeans],
    ['lognormal, skewness 0.3', 20, lognormalMeans(0.3)],
    ['lognormal, skewness 1', 20, lognormalMeans(1)],
    ['lognormal, skewness 1.5', 20, lognormalMeans(1.5)],
    ['lognormal, skewness 1.5', 80, lognormalMeans(1.5)],
    ['gamma, skewness 1', 20, erlangMeans(4)],
    ['gamma, skewness 1.41', 20, erlangMeans(2)],
    ['exponential, skewness 2', 20, erlangMeans(1)],
  ])('%s, n = %d: holds the truth in 93.5 to 96.5 percent of the cases', (_, n, source) => {
    const share = coverage(source, n, 10_000);
    expect(share).toBeGreaterThan(0.935);
    expect(share).toBeLessThan(0.965);
  });
});
