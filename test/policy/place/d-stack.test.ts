import { expect, it } from 'vitest';
import { replicate } from '../../../src/experiment/replication.js';
import type { Workload } from '../../../src/scenario/scenario.js';
import { alternative, profileOf } from '../../simulator/alternative.js';
import { workersAfter } from './workers-after.js';

const app = (slo_ms: number, rate_rps = 20): Workload => ({ app: 'a', stages: [{ model: 'm' }], slo_ms, arrivals: { process: 'even', rate_rps } });
/** From 40 % to the whole GPU the time falls by less than 5 % a step. */
const gpu = profileOf({ solo_ms: 10 }, { shares: { percent: [10, 20, 40, 60, 80, 100], stretch: [4, 2, 1.1, 1.06, 1.03, 1] } });
const run = (workload: Workload[], place: object = {}) => alternative({ workload, sites: gpu, dispatch: 'd-stack', place: { policy: 'd-stack', rates_rps: { a: 20 }, ...place }, durationS: 1 });

it('gives every model the share at its knee', async () => {
  expect((await workersAfter(run([app(100)])))[0].sharePercent).toBe(40);
  expect((await workersAfter(run([app(100)], { least_gain: 0.5 })))[0].sharePercent).toBe(20);
});

it('goes beyond the knee where no batch there takes half the SLO at most', async () => {
  // At the knee it takes 11 ms, half the SLO is 10.5 ms.
  expect((await workersAfter(run([app(21)])))[0].sharePercent).toBeGreaterThan(40);
});

it('plans the batch with the highest efficacy, b / (f² p), which is the smallest where a batch takes as long as its images', async () => {
  expect((await workersAfter(run([app(1000)])))[0].batch).toBe(1);
  const batched = profileOf({ solo_ms: 10, batches: { size: [1, 4], mean_ms: [10, 11] } }, { shares: gpu.shares });
  expect((await workersAfter(alternative({ workload: [app(1000)], sites: batched, dispatch: 'd-stack', place: { policy: 'd-stack', rates_rps: { a: 20 } }, durationS: 1 })))[0].batch).toBeGreaterThan(1);
});

it('refuses a profile that does not say what shares cost', async () => {
  const { refused } = await replicate({ alternative: alternative({ workload: [app(100)], sites: profileOf({ solo_ms: 1 }), place: 'd-stack', durationS: 1 }), replication: 0, warmUpMs: 0 });
  expect(refused).toContain('D-STACK gives shares');
});
