import { expect, it } from 'vitest';
import { alternative, profileOf, type Choice } from '../../simulator/alternative.js';
import { answerOf, at, bornAt, record } from '../../simulator/closed-forms/by-hand.js';

const profile = profileOf({ solo_ms: 10, batches: { size: [2, 4], mean_ms: [12, 16] } });
const batch = (more = {}): Choice => ({ policy: 'batch', max_batch: 4, max_delay_ms: 20, ...more });
const run = (births: number[], dispatch = batch()) => record(alternative({ workload: [at(births)], sites: profile, dispatch }));

it('starts a full batch at once', async () => {
  const { requests, spans } = await run([0, 1, 2, 3]);
  expect(requests.map((r) => [r.started_ms, r.answered_ms])).toEqual(Array.from({ length: 4 }, () => [3, 19]));
  expect(spans.map((s) => s.batch)).toEqual([4]);
});

it('starts what there is when the first has waited long enough, and a later one waits anew', async () => {
  const result = await run([0, 15, 21]);
  expect([bornAt(result, 0), bornAt(result, 15)].map((r) => [r.started_ms, r.answered_ms])).toEqual([[20, 32], [20, 32]]);
  expect(bornAt(result, 21)).toMatchObject({ started_ms: 41, answered_ms: 51 });
});

it('a batch that is due while the worker is busy starts as soon as it is free, with all that came meanwhile', async () => {
  const result = await run([0, 1, 2, 3, 4, 5, 6], batch({ max_delay_ms: 1, max_batch: 3 }));
  // 0 and 1 at 1 take 12; at 13 there are 2, 3, 4 of the five that wait.
  expect([0, 1, 2, 3, 4, 5, 6].map((born) => bornAt(result, born).started_ms)).toEqual([1, 1, 13, 13, 13, 27, 27]);
});

it('without a delay it serves at once', async () => {
  const result = await run([0, 1], batch({ max_delay_ms: 0 }));
  expect([0, 1].map((born) => answerOf(result, born))).toEqual([10, 20]);
});

it('of several apps it serves the one whose first request has waited longest, so that none starves', async () => {
  // The first app alone keeps the GPU busy; the second still gets its turn.
  const flood = at(Array.from({ length: 200 }, (_, i) => 4 * i));
  const result = await record(alternative({ workload: [flood, { ...at([41]), app: 'b' }], sites: profile, dispatch: batch({ max_delay_ms: 0, max_batch: 2 }) }));
  const started = result.requests.find((r) => r.app === 'b')!.started_ms;
  const before = result.requests.filter((r) => r.app === 'a' && r.started_ms > 0 && r.started_ms < started);
  expect(Math.max(...before.map((r) => r.born_ms))).toBeLessThanOrEqual(45);
});

it('runs k batches at once, on workers of their own', async () => {
  const result = await record(alternative({ workload: [at([0, 0, 0, 0, 0, 0])], sites: profile, dispatch: batch({ max_batch: 2, k: 2 }), place: { policy: 'all-on-one', copies: 2 } }));
  expect(result.requests.map((r) => r.answered_ms)).toEqual([12, 12, 12, 12, 24, 24]);
});

it('turns the newest away beyond queue_limit', async () => {
  const result = await run([0, 1, 2, 3], batch({ max_delay_ms: 1, queue_limit: 1 }));
  // 0 and 1 start together at 1; then 2 waits, and 3 is one too many.
  expect([0, 1, 2, 3].map((born) => bornAt(result, born).outcome)).toEqual(['answered', 'answered', 'answered', 'rejected']);
});
