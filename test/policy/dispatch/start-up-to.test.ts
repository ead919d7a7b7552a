import { expect, it } from 'vitest';
import { alternative, profileOf } from '../../simulator/alternative.js';
import { answerOf, at, record } from '../../simulator/closed-forms/by-hand.js';

// Two at once on one accelerator take twice as long each; there is a second one.
const shared = profileOf({ solo_ms: 10 }, { contention: { model: 'table', inference: { jobs: [1, 2], slowdown: [1, 2] } } });

it.each(['fcfs', 'edf'])('%s starts on the accelerator with the fewest in flight, before any has two', async (policy) => {
  const run = await record(alternative({ workload: [at([0, 1])], sites: [shared, shared], dispatch: { policy, k: 2 } }));
  expect([answerOf(run, 0), answerOf(run, 1)]).toEqual([10, 11]);
});

it('corun does, each with a K of its own', async () => {
  const run = await record(alternative({ workload: [at([0, 1])], sites: [shared, shared], dispatch: 'corun' }));
  expect([answerOf(run, 0), answerOf(run, 1)]).toEqual([10, 11]);
});

it('batch does', async () => {
  const run = await record(alternative({ workload: [at([0, 1])], sites: [shared, shared], dispatch: { policy: 'batch', k: 2, max_batch: 1 } }));
  expect([answerOf(run, 0), answerOf(run, 1)]).toEqual([10, 11]);
});

it('goes on to the limit of each when all are busy', async () => {
  const run = await record(alternative({ workload: [at([0, 0.5, 1])], sites: [shared, shared], dispatch: { policy: 'fcfs', k: 2 } }));
  // The third joins the first at 1: 9 ms of it are left and take 18.
  expect([answerOf(run, 0), answerOf(run, 0.5), answerOf(run, 1)]).toEqual([19, 10.5, 20]);
});
