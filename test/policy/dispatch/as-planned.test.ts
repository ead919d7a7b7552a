import { expect, it } from 'vitest';
import { alternative, profileOf } from '../../simulator/alternative.js';
import { answerOf, at, record } from '../../simulator/closed-forms/by-hand.js';

const gpu = profileOf({ solo_ms: 10, batches: { size: [1, 4], mean_ms: [10, 13] } }, { shares: { percent: [50, 100], stretch: [1.5, 1] } });

it('takes what waits as one batch, up to the planned one, and does not wait for more', async () => {
  // 40 requests per second and half an SLO of 100 ms: batches of 2. Alone at half the GPU one image takes 15 ms, two take 16.5.
  const place = { policy: 'igniter', rates_rps: { a: 40 } };
  const result = await record(alternative({ workload: [at([[0, 100], [1, 100], [2, 100], [3, 100]], { slo_ms: 100 })], sites: gpu, dispatch: 'as-planned', place }));
  expect(answerOf(result, 0)).toBe(15);
  expect(answerOf(result, 1)).toBe(15 + 16.5);
  expect(answerOf(result, 2)).toBe(15 + 16.5);
  expect(answerOf(result, 3)).toBe(15 + 16.5 + 15);
});

it('without a plan it serves one by one, each worker its own', async () => {
  const result = await record(alternative({ workload: [at([0, 1])], sites: gpu, dispatch: 'as-planned' }));
  expect([answerOf(result, 0), answerOf(result, 1)]).toEqual([10, 20]);
});
