import { describe, expect, it } from 'vitest';
import { families } from '../../src/contention/fit/families.js';
import { fitContention } from '../../src/contention/fit/fit.js';
import type { GroupKey } from '../../src/contention/fit/group.js';
import { fitOf, inside, keys, make, observed } from '../contention/fit/measured.js';

/** Groups of other processes in another run, with correlated rows. */
function coverage(law: string, seeds: readonly number[], asked: readonly GroupKey[]): { hit: number; n: number } {
  let [hit, n] = [0, 0];
  for (const seed of seeds) {
    const fit = fitOf(law, seed);
    for (const k of asked) {
      const g = make(law, k, seed + 50_000);
      const [lo, hi] = fit.predict(g, g.n, g.clusters.length)!.interval95Ms;
      n++;
      if (observed(g) >= lo && observed(g) <= hi) hit++;
    }
  }
  return { hit, n };
}

describe('intervals of medians', () => {
  it('hold 93 to 97 % of more than 1,500 groups that were drawn from the five laws with correlated noise', { timeout: 120_000 }, () => {
    let [hit, n] = [0, 0];
    // Noise of its own for every law: groups of one run err together, so runs are what counts.
    for (const [l, law] of ['none', 'linear', 'usl', 'bottleneck', 'two-queues'].entries()) {
      const found = coverage(law, Array.from({ length: 30 }, (_, i) => 7001 + 100 * l + i), inside);
      hit += found.hit;
      n += found.n;
    }
    console.log(`${hit} of ${n} inside`);
    expect(n).toBeGreaterThan(1500);
    expect(hit / n).toBeGreaterThanOrEqual(0.93);
    expect(hit / n).toBeLessThanOrEqual(0.97);
  });
});

describe('intervals of parameters', () => {
  /** Of the 2.5th and 97.5th percentile of the draws. */
  const inside = (values: readonly number[], truth: number): boolean => {
    const sorted = [...values].sort((a, b) => a - b);
    return truth >= sorted[Math.floor(0.025 * (sorted.length - 1))] && truth <= sorted[Math.ceil(0.975 * (sorted.length - 1))];
  };

  it.each([
    ['linear', 'inference:a slowed by inference:a', 0.35],
    ['linear', 'training:big:b16 slowed by inference:a', 0.2],
    ['usl', 'inference:a: σ', 0.25],
    ['usl', 'inference:a: κ', 0.03],
    ['bottleneck', 'inference:a: demand', 0.6],
    ['bottleneck', 'training:big:b16: demand', 0.7],
  ])('%s: %s lies in its 95 %% interval in most of 60 runs', { timeout: 120_000 }, (law, parameter, truth) => {
    let hit = 0;
    const runs = 60;
    for (let seed = 0; seed < runs; seed++) {
      const fit = fitContention(keys.map((k) => make(law, k, 31_000 + seed)), { draws: 100, models: [families.none, families[law]] });
      const values = fit.predictor.draws.map((components) => components.at(-1)!.fitted.parameters[parameter]);
      if (inside(values, truth)) hit++;
    }
    console.log(`${law} ${parameter}: ${hit} of ${runs}`);
    expect(hit / runs).toBeGreaterThanOrEqual(0.85);
  });
});
