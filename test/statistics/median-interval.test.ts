import { expect, test } from 'vitest';
import { normal } from '../../src/random/normal.js';
import { stream } from '../../src/random/stream.js';
import { firstAutocorrelation, medianInterval } from '../../src/statistics/median-interval.js';

/** A first-order autoregression about 0. */
function series(n: number, rho: number, draw: () => number): number[] {
  let last = normal(draw);
  return Array.from({ length: n }, () => (last = rho * last + Math.sqrt(1 - rho * rho) * normal(draw)));
}

test.each([0, 0.6])('the interval holds the median in about 95 of 100 series with correlation %d', (rho) => {
  const draw = stream(1, 'median', rho);
  let held = 0;
  for (let trial = 0; trial < 1000; trial++) {
    const { ci95: [low, high] } = medianInterval(series(100, rho, draw).map((v) => 10 + v));
    if (low <= 10 && high >= 10) held++;
  }
  expect(held).toBeGreaterThan(900);
  expect(held).toBeLessThan(985);
});

test('equal values have a point for an interval, few values none', () => {
  expect(medianInterval(Array(20).fill(4))).toEqual({ median: 4, ci95: [4, 4], relativeHalfWidth: 0 });
  expect(medianInterval([1, 2, 3]).relativeHalfWidth).toBe(Infinity);
  expect(() => medianInterval([])).toThrow(RangeError);
});

test('autocorrelation: that of a sawtooth is negative, that of a slow wave near 1', () => {
  expect(firstAutocorrelation([1, -1, 1, -1, 1, -1])).toBeLessThan(-0.7);
  expect(firstAutocorrelation(Array.from({ length: 200 }, (_, i) => Math.sin(i / 20)))).toBeGreaterThan(0.95);
});
