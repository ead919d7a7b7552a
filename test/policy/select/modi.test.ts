import { expect, it } from 'vitest';
import { servedMs, shares, stages, variants } from './by-hand.js';
import { replicate } from '../../../src/experiment/replication.js';
import { alternative } from '../../simulator/alternative.js';
import { at } from '../../simulator/closed-forms/by-hand.js';

const profile = { policy: 'modi', times: 'profile' };

it('takes the most accurate variant that is done in time, and the quickest if none is', async () => {
  expect(await servedMs(profile, [3, 5, 20, 99, 100, 1000])).toEqual([5, 5, 20, 20, 100, 100]);
});

it('counts the way here, and none back', async () => {
  expect(await servedMs(profile, [29, 30, 109, 110], { network: { up: { fixed_ms: 10 } } })).toEqual([5, 20, 20, 100]);
});

it('counts those that wait', async () => {
  // All at once: the first takes the slow one; it is at work, and nothing waits: so does the second; the third finds one waiting and takes the next best.
  const run = alternative({ workload: [at([[0, 150], [0, 150], [0, 150]], { stages })], sites: variants, select: profile, dispatch: { policy: 'fcfs', k: 1 } });
  const { measured } = await replicate({ alternative: run, replication: 0, warmUpMs: 0 });
  expect(measured!.apps[0].answeredBy).toEqual([0, 1, 2]);
});

it('takes the quicker one of two that are equally right', async () => {
  const equal = { ...variants, models: { quick: { solo_ms: 5, accuracy: 0.7 }, middling: { solo_ms: 20, accuracy: 0.7 }, slow: { solo_ms: 100, accuracy: 0.7 } } };
  expect(await shares(profile, 20, equal)).toEqual([1, 0, 0]);
});
