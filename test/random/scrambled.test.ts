import { expect, it } from 'vitest';
import { scrambled } from '../../src/random/scrambled.js';
import { spreadQuantile, spreadSd } from '../../src/random/service.js';
import { stream } from '../../src/random/stream.js';

it('is uniform, and not correlated with what it is made from', () => {
  const n = 100_000;
  const draw = stream(1, 'scrambled');
  const u = Array.from({ length: n }, draw);
  const v = u.map(scrambled);
  const bins = new Array<number>(20).fill(0);
  for (const x of v) bins[Math.floor(20 * x)]++;
  // Chi-square with 19 degrees of freedom: above 50 with a chance below 0.0002.
  expect(bins.reduce((sum, count) => sum + (count - n / 20) ** 2 / (n / 20), 0)).toBeLessThan(50);
  const correlation = u.reduce((sum, x, i) => sum + (x - 0.5) * (v[i] - 0.5), 0) / (n / 12);
  expect(Math.abs(correlation)).toBeLessThan(0.013);
});

it('stays within [0, 1), for neighbours as well', () => {
  for (const u of [0, 2 ** -32, 0.5, 1 - 2 ** -32]) {
    expect(scrambled(u)).toBeGreaterThanOrEqual(0);
    expect(scrambled(u)).toBeLessThan(1);
  }
  expect(Math.abs(scrambled(0.5) - scrambled(0.5 + 2 ** -32))).toBeGreaterThan(0.01);
});

it.each([
  [{ distribution: 'deterministic' as const }, 1e-12],
  [{ distribution: 'exponential' as const }, 0.01],
  [{ distribution: 'two-point' as const, low: 0.25, p_low: 0.3 }, 0.001],
  [{ distribution: 'lognormal' as const, cv: 0.4 }, 0.005],
])('the standard deviation of a spread is that of its quantiles: %o', (spread, within) => {
  const n = 100_000;
  const factors = Array.from({ length: n }, (_, i) => spreadQuantile(spread)((i + 0.5) / n));
  const sd = Math.sqrt(factors.reduce((sum, x) => sum + (x - 1) ** 2, 0) / n);
  expect(Math.abs(sd - spreadSd(spread))).toBeLessThan(within);
});
