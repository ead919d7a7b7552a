import { expect, it } from 'vitest';
import type { Workload } from '../../../src/scenario/scenario.js';
import { replicate } from '../../../src/experiment/replication.js';
import { alternative, profileOf } from '../../simulator/alternative.js';
import { at, record } from '../../simulator/closed-forms/by-hand.js';
import { workersAfter } from './workers-after.js';

const shares = { percent: [10, 20, 30, 50, 100], stretch: [10, 5, 3, 2, 1] };
const app = (name: string, slo_ms: number, rate_rps: number): Workload => ({ app: name, stages: [{ model: 'm' }], slo_ms, arrivals: { process: 'even', rate_rps } });
const gpu = profileOf({ solo_ms: 10, load_ms: 100 }, { shares });
const run = (workload: Workload[], durationS: number, change: object = {}) => alternative({ workload, sites: gpu, dispatch: 'as-planned', place: { policy: 'gslice', period_s: 0.5 }, durationS, extrapolation: 'label', ...change });

it('begins with 30 %, and grows a share with which the SLO is missed', async () => {
  expect((await workersAfter(run([app('a', 40, 20)], 0.1)))[0].sharePercent).toBe(30);
  // At 30 % a batch takes 30 ms, its budget is 20 ms.
  expect((await workersAfter(run([app('a', 40, 20)], 0.9)))[0].sharePercent).toBe(50);
});

it('shrinks a share with which there is more than enough', async () => {
  // Batches are collected first, as the ports do: it takes up to five steps until the share is looked at.
  const [worker] = await workersAfter(run([app('a', 400, 2)], 10));
  expect(worker.sharePercent).toBeLessThan(30);
});

it('never gives more than the accelerator has, where the least shares fit', async () => {
  const workers = await workersAfter(run([app('a', 30, 60), app('b', 30, 60), app('c', 30, 60)], 10));
  expect(workers).toHaveLength(3);
  expect(workers.reduce((sum, { sharePercent }) => sum + sharePercent!, 0)).toBeLessThanOrEqual(100);
});

it('the old worker serves until its standby is loaded, so that no request waits for it', async () => {
  const result = await record(run([at(Array.from({ length: 19 }, (_, i) => i * 50), { slo_ms: 40 })], 0.95));
  expect(result.spans.some(({ kind }) => kind === 'loading')).toBe(true);
  for (const { born_ms, answered_ms } of result.requests) expect(answered_ms - born_ms).toBeLessThanOrEqual(31);
});

it('where the memory holds one worker only, the share changes after a pause in serving', async () => {
  const tight = profileOf({ solo_ms: 10, load_ms: 100, memory_mib: 600 }, { shares, accelerator: { name: 'gpu', memory_mib: 1000 } });
  const made = run([app('a', 40, 20)], 0.9, { sites: tight });
  expect((await workersAfter(made))[0].sharePercent).toBe(50);
  const { measured } = await replicate({ alternative: made, replication: 0, warmUpMs: 0 });
  expect(measured!.outOfMemory).toBe(0);
});
