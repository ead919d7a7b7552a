import { expect, it } from 'vitest';
import { compare } from '../../../src/experiment/compare.js';
import { openPool } from '../../../src/experiment/pool.js';
import { alternative, poisson, profileOf } from '../alternative.js';

// One fast server against two of half its speed, at load 0.7: M/M/1 has 1/(1 − 0.7) = 3.33 and M/M/2 has 2/(1 − 0.7²) = 3.92.
it('a comparison finds the difference that the closed forms have, and how sure it is', async () => {
  const system = (soloMs: number, k: number) =>
    alternative({
      workload: [poisson(700, 10_000)],
      sites: profileOf({ solo_ms: soloMs, spread: { distribution: 'exponential' } }),
      dispatch: { policy: 'fcfs', k },
      measure: { warm_up: 'auto', replications: { min: 20, max: 40, relative_half_width: 0.001 } },
    });
  const pool = openPool(1);
  const { comparison } = await compare([{ ...system(1, 1), name: 'one' }, { ...system(2, 2), name: 'two' }], { scenario: 'test', pool });
  await pool.close();
  const truth = [1 / 0.3, 2 / (1 - 0.49)];
  expect(comparison).toMatchObject({ replications: 40, stopped: 'maximum' });
  comparison.alternatives.forEach(({ verdict, metrics }, i) => {
    const [low, high] = metrics.latency_mean_ms.ci95;
    expect(low).toBeLessThan(truth[i]);
    expect(high).toBeGreaterThan(truth[i]);
    expect(high - low).toBeLessThan(0.09 * truth[i]);
    expect(verdict).toBe('stable');
  });
  const [difference] = comparison.differences;
  expect(difference).toMatchObject({ a: 'one', b: 'two', metric: 'latency_mean_ms' });
  expect(difference.ci95[0]).toBeLessThan(truth[0] - truth[1]);
  expect(difference.ci95[1]).toBeGreaterThan(truth[0] - truth[1]);
  // The same draws for both: the difference is known far better than either of the two.
  const width = ([low, high]: [number, number]) => high - low;
  expect(width(difference.ci95)).toBeLessThan(0.5 * width(comparison.alternatives[0].metrics.latency_mean_ms.ci95));
  expect(difference.p_value).toBeLessThan(1e-6);
  expect(comparison.best.one).toBeGreaterThan(0.999);
});
