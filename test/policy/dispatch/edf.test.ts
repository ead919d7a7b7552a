import { expect, it } from 'vitest';
import { alternative, profileOf } from '../../simulator/alternative.js';
import { answerOf, at, bornAt, record } from '../../simulator/closed-forms/by-hand.js';

const profile = profileOf({ solo_ms: 10 });

it('serves the earliest deadline over all apps', async () => {
  const workload = [at([[0, 100], [1, 90]]), { ...at([[2, 40], [3, 200]]), app: 'b' }];
  const run = await record(alternative({ workload, sites: profile, dispatch: 'edf' }));
  expect([0, 2, 1, 3].map((born) => answerOf(run, born))).toEqual([10, 20, 30, 40]);
});

it('serves apps without an SLO in order of arrival, whichever comes first in the scenario', async () => {
  const run = await record(alternative({ workload: [at([0, 2, 4]), { ...at([1, 3]), app: 'b' }], sites: profile, dispatch: 'edf' }));
  expect([0, 1, 2, 3, 4].map((born) => answerOf(run, born))).toEqual([10, 20, 30, 40, 50]);
});

it('an SLO comes before none', async () => {
  const run = await record(alternative({ workload: [at([0, 1, 2, [3, 500]])], sites: profile, dispatch: 'edf' }));
  expect(answerOf(run, 3)).toBe(20);
});

it('drops what cannot make it, and is not closed for ever by slow answers that it has seen', async () => {
  // Two at once take three times as long each: after a burst the measured time is above the SLO although the GPU is idle.
  const crowded = profileOf({ solo_ms: 10 }, { contention: { model: 'table', inference: { jobs: [1, 2], slowdown: [1, 3] } } });
  const burst = Array.from({ length: 60 }, (_, i) => i);
  const calm = Array.from({ length: 40 }, (_, i) => 5000 + 100 * i);
  const run = await record(alternative({ workload: [at([...burst, ...calm], { slo_ms: 12 })], sites: crowded, dispatch: { policy: 'edf', k: 2, drop_hopeless: true }, place: { policy: 'all-on-one', copies: 2 } }));
  expect(burst.filter((born) => bornAt(run, born).outcome === 'rejected').length).toBeGreaterThan(20);
  expect(calm.map((born) => bornAt(run, born).in_slo)).toEqual(calm.map(() => true));
});

it('drops nothing if not told to', async () => {
  const run = await record(alternative({ workload: [at([0, 1, 2, 3, 4], { slo_ms: 12 })], sites: profile, dispatch: 'edf' }));
  expect(run.requests.map((r) => r.outcome)).toEqual(Array.from({ length: 5 }, () => 'answered'));
});
