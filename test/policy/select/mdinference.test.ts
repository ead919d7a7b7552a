import { expect, it } from 'vitest';
import { servedMs, stages, variants } from './by-hand.js';
import { alternative } from '../../simulator/alternative.js';
import { at, record } from '../../simulator/closed-forms/by-hand.js';

it('without a network chooses as greedy does', async () => {
  expect(await servedMs('mdinference', [3, 6, 20, 21, 100, 101])).toEqual([5, 5, 5, 20, 20, 100]);
});

it('leaves time for the way back, as long as the measured way here', async () => {
  const network = { up: { fixed_ms: 40 } };
  // 80 ms for the network: 100.5 leaves 20.5, 180.5 leaves 100.5.
  expect(await servedMs('mdinference', [85, 100, 100.5, 180, 180.5], { network })).toEqual([5, 5, 20, 20, 100]);
});

it('adds γ standard deviations', async () => {
  const sites = { ...variants, models: { ...variants.models, middling: { solo_ms: 20, accuracy: 0.7, spread: { distribution: 'two-point' as const, low: 0.5, p_low: 0.5 } } } };
  // The factor is 0.5 or 1.5: a standard deviation of 10 ms.
  const chosen = async (gamma: number, slo: number) => (await servedMs({ policy: 'mdinference', gamma, times: 'profile' }, [slo], { sites }))[0] === 5;
  expect(await chosen(0, 20.5)).toBe(false);
  expect(await chosen(1, 29.5)).toBe(true);
  expect(await chosen(1, 30.5)).toBe(false);
  expect(await chosen(2, 39.5)).toBe(true);
});

it('goes by what it measured, unless it is told to go by the profile', async () => {
  // Beside another app that is always there the variant takes twice its time, 40 ms.
  const contention = { model: 'table' as const, inference: { jobs: [1, 2], slowdown: [1, 2] } };
  const beside = { app: 'b', stages: [{ model: 'n' }], clients: { count: 1, think_ms: 0, think: 'fixed' as const, retry_after_ms: 1 } };
  const sites = { ...variants, models: { ...variants.models, n: { solo_ms: 1 } }, contention };
  const run = (times: string) => {
    const workload = [at([0, 1000, 2000, 3000, 4000, 5000, 6000, 7000].map((born) => [born, 35] as const), { stages }), beside];
    return record(alternative({ workload, sites, dispatch: { policy: 'fcfs', k: 2 }, select: { policy: 'mdinference', times }, durationS: 8 }));
  };
  const took = async (times: string) => (await run(times)).requests.filter(({ app }) => app === 'a').map((row) => Math.round(row.latency_ms));
  expect(await took('profile')).toEqual([40, 40, 40, 40, 40, 40, 40, 40]);
  // The first observation is discarded; with the second the mean is 30 and the deviation above 5.
  expect(await took('measured')).toEqual([40, 40, 10, 10, 10, 10, 10, 10]);
});

it('without an SLO takes the most accurate', async () => {
  const { spans } = await record(alternative({ workload: [at([0, 1000], { stages })], sites: variants, select: 'mdinference' }));
  expect(spans.map((span) => span.end_ms - span.start_ms)).toEqual([100, 100]);
});
