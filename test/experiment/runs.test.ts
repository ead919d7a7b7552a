import { expect, it } from 'vitest';
import { keep, noRuns } from '../../src/experiment/runs.js';
import { replicate } from '../../src/experiment/replication.js';
import { findWarmUp } from '../../src/experiment/warm-up.js';
import { openPool } from '../../src/experiment/pool.js';
import { alternative, clients, poisson, profileOf } from '../simulator/alternative.js';

const sites = profileOf({ solo_ms: 10, spread: { distribution: 'exponential' } });

it('of several refusals the first replication’s reason counts, whatever the order they come in', () => {
  const orders = [
    [3, 7, 5],
    [7, 5, 3],
    [5, 3, 7],
  ];
  for (const order of orders) {
    const runs = noRuns(alternative({ workload: [poisson(1, 1)], sites }));
    for (const replication of order) keep(runs, replication, { refused: `reason ${replication}` });
    expect(runs.refused).toEqual({ replication: 3, reason: 'reason 3' });
  }
});

it('a warm-up is common to all, or there is none', async () => {
  const pool = openPool(1);
  const auto = { warm_up: 'auto' } as const;
  const open = alternative({ workload: [poisson(80, undefined)], sites, durationS: 120, measure: auto });
  const steady = await findWarmUp([open], pool, undefined);
  expect(steady.warmUpMs).toBeLessThan(60_000);
  // Where the window's end depends on the alternative, a common cut could be beyond it.
  const counted = alternative({ workload: [clients(4, 0, 'fixed', 300)], sites, measure: auto });
  expect(await findWarmUp([counted], pool, undefined)).toEqual({ warmUpMs: 0, notes: [] });
  // One that never becomes steady has no say, and that is said.
  const overloaded = { ...alternative({ workload: [poisson(200)], sites, durationS: 120, measure: auto }), name: 'too much' };
  const mixed = await findWarmUp([open, overloaded], pool, undefined);
  expect(mixed.warmUpMs).toBe(steady.warmUpMs);
  expect(mixed.notes).toEqual(['No warm-up was found in too much: it did not become steady.']);
  // Nobody's start is cut where anybody's must not be.
  expect(await findWarmUp([open, { ...open, scenario: { ...open.scenario, measure: { ...open.scenario.measure, warm_up: 'none' } } }], pool, undefined)).toEqual({ warmUpMs: 0, notes: [] });
  await pool.close();
});

it('a run that ends before its warm-up is over is refused, with what would mend it', async () => {
  const short = alternative({ workload: [poisson(100, 5)], sites });
  expect((await replicate({ alternative: short, replication: 0, warmUpMs: 5_000 })).refused).toBe(
    'ended before the warm-up of 5 s was over: give it a longer duration_s, or measure: { warm_up: none }',
  );
  // Also where the warm-up ends while the last answers are still waited for.
  const slow = alternative({ workload: [poisson(100, 5)], sites: profileOf({ solo_ms: 500 }) });
  expect((await replicate({ alternative: slow, replication: 0, warmUpMs: 1_000 })).refused).toMatch(/ended before the warm-up/);
});
