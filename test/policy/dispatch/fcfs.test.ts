import { expect, it } from 'vitest';
import { alternative, profileOf } from '../../simulator/alternative.js';
import { answerOf, at, bornAt, record } from '../../simulator/closed-forms/by-hand.js';

const profile = profileOf({ solo_ms: 10 });

it('serves in order of arrival, whichever app a request is of, and runs k at once', async () => {
  const workload = [at([0, 2, 4]), { ...at([1, 3]), app: 'b' }];
  const one = await record(alternative({ workload, sites: profile }));
  expect([0, 1, 2, 3, 4].map((born) => answerOf(one, born))).toEqual([10, 20, 30, 40, 50]);
  const two = await record(alternative({ workload, sites: profile, dispatch: { policy: 'fcfs', k: 2 }, place: { policy: 'all-on-one', copies: 2 } }));
  expect([0, 1, 2, 3, 4].map((born) => answerOf(two, born))).toEqual([10, 11, 20, 21, 30]);
});

it('passes over an app whose workers are busy, for one that has an idle one', async () => {
  // One worker each, two at once: the second request of a has to wait for its worker, that of b does not.
  const run = await record(alternative({ workload: [at([0, 1]), { ...at([2]), app: 'b' }], sites: profile, dispatch: { policy: 'fcfs', k: 2 }, place: { policy: 'all-on-one', copies: 1 } }));
  expect([0, 1, 2].map((born) => answerOf(run, born))).toEqual([10, 20, 12]);
});

it('turns the newest of the longest lane away when more than queue_limit wait at the site', async () => {
  const run = await record(alternative({ workload: [at([0, 2, 4]), { ...at([3]), app: 'b' }], sites: profile, dispatch: { policy: 'fcfs', queue_limit: 2 } }));
  // 0 runs; 2 and 3 wait; 4 makes a's lane the longest, and is its newest.
  expect([0, 2, 3, 4].map((born) => bornAt(run, born).outcome)).toEqual(['answered', 'answered', 'answered', 'rejected']);
});
