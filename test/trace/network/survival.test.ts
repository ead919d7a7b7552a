import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { survivalFault, survivalQuantile, type SurvivalTable } from '../../../src/trace/network/delays/survival.js';

/** MDInference's residential network, read off its figure; begins and ends where the text says. */
const RESIDENTIAL: SurvivalTable = [
  [86, 1], [90, 0.9639], [100, 0.5977], [110, 0.3906], [120, 0.2957], [130, 0.2508], [140, 0.2149], [150, 0.1888], [160, 0.1587], [170, 0.1358], [180, 0.116],
  [190, 0.0995], [200, 0.0846], [210, 0.0711], [220, 0.0596], [230, 0.0498], [240, 0.0405], [250, 0.0316], [260, 0.0276], [300, 0.0159], [400, 0.0062], [500, 0.0044], [700, 0],
];

/** P(T > t) of a table, linear in between. */
function shareAbove(table: SurvivalTable, timeMs: number): number {
  const after = table.findIndex(([t]) => t > timeMs);
  if (after === 0) return 1;
  if (after < 0) return 0;
  const [[t0, s0], [t1, s1]] = [table[after - 1], table[after]];
  return s0 + ((timeMs - t0) / (t1 - t0)) * (s1 - s0);
}

const tables = fc
  .array(fc.record({ step: fc.integer({ min: 1, max: 50 }), weight: fc.integer({ min: 0, max: 10 }) }), { minLength: 1, maxLength: 20 })
  .filter((steps) => steps.some(({ weight }) => weight > 0))
  .map((steps): SurvivalTable => {
    const total = steps.reduce((sum, { weight }) => sum + weight, 0);
    let timeMs = 10;
    let left = total;
    return [[timeMs, 1], ...steps.map(({ step, weight }) => [(timeMs += step), (left -= weight) / total] as const)];
  });

describe('survival table', () => {
  it('is its own quantile function: the share above quantile(u) is 1 - u', () => {
    fc.assert(
      fc.property(tables, fc.double({ min: 0, max: 1 - 2 ** -32, noNaN: true }), (table, u) => {
        expect(survivalFault(table)).toBeUndefined();
        expect(shareAbove(table, survivalQuantile(table)(u))).toBeCloseTo(1 - u, 9);
      }),
    );
  });

  it('has the published points of MDInference’s residential network, its median near 102 ms and its mean above 122 ms', () => {
    const quantile = survivalQuantile(RESIDENTIAL);
    for (const [timeMs, share] of RESIDENTIAL.slice(1, -1)) expect(quantile(1 - share)).toBeCloseTo(timeMs, 6);
    expect(quantile(0.5)).toBeGreaterThan(100);
    expect(quantile(0.5)).toBeLessThan(106);
    // The mean is the area under the survival function: 86 ms and trapezoids.
    const area = RESIDENTIAL.reduce((sum, [t, s], i) => (i === 0 ? t : sum + ((s + RESIDENTIAL[i - 1][1]) / 2) * (t - RESIDENTIAL[i - 1][0])), 0);
    const steps = 200_000;
    let sum = 0;
    for (let i = 0; i < steps; i++) sum += quantile((i + 0.5) / steps);
    expect(sum / steps).toBeCloseTo(area, 2);
    expect(area).toBeGreaterThan(117);
  });

  it('gives a jump its share of the draws, and never a time at which the share stays the same', () => {
    const quantile = survivalQuantile([[10, 1], [10, 0.4], [20, 0.4], [30, 0]]);
    expect([0, 0.3, 0.599].map(quantile)).toEqual([10, 10, 10]);
    expect(quantile(0.8)).toBeCloseTo(25, 9);
    for (let i = 0; i < 1000; i++) expect(quantile(i / 1000) <= 10 || quantile(i / 1000) >= 20).toBe(true);
  });

  it.each<[SurvivalTable, number, RegExp]>([
    [[[0, 0.9], [10, 0]], 0, /first share is 0\.9, and must be 1.*\[0, 1\]/],
    [[[0, 1], [10, 0.2]], 1, /last share is 0\.2, and must be 0.*\[20, 0\]/],
    [[[0, 1], [10, 0.2], [5, 0]], 2, /5 ms comes after 10 ms/],
    [[[0, 1], [10, 0.2], [15, 0.3], [20, 0]], 2, /0\.3 comes after 0\.2/],
    [[[0, 1], [10, 1.2], [20, 0]], 1, /share 1\.2/],
    [[[-1, 1], [10, 0]], 0, /time -1/],
    [[[0, 1], [10] as unknown as [number, number]], 1, /two numbers.*found 1/],
  ])('%j is refused at point %i', (table, point, sentence) => {
    expect(survivalFault(table)).toEqual({ point, sentence: expect.stringMatching(sentence) });
  });
});
