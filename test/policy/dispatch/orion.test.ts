import { expect, it } from 'vitest';
import { alternative, profileOf, type Choice } from '../../simulator/alternative.js';
import { answerOf, at, record } from '../../simulator/closed-forms/by-hand.js';

const models = { m: { solo_ms: 10 }, n: { solo_ms: 10 } };
const stream = (app: string, model: string, births: number[]) => at(births, { app, stages: [{ model }] });
const run = (dispatch: Choice, workload: ReturnType<typeof stream>[]) => record(alternative({ workload, sites: { ...profileOf(models.m), models }, dispatch }));
const first: Choice = { policy: 'orion', high_priority: ['first'] };

it('a best-effort batch waits while a high-priority one runs, if both need the same', async () => {
  const result = await run(first, [stream('first', 'm', [0]), stream('rest', 'n', [1])]);
  expect([answerOf(result, 0), answerOf(result, 1)]).toEqual([10, 20]);
});

it('it starts beside one that needs something else', async () => {
  const result = await run({ ...(first as object), policy: 'orion', kinds: { n: 'memory' } }, [stream('first', 'm', [0]), stream('rest', 'n', [1])]);
  expect([answerOf(result, 0), answerOf(result, 1)]).toEqual([10, 11]);
});

it('high priority never waits for best effort', async () => {
  const result = await run(first, [stream('first', 'm', [1]), stream('rest', 'n', [0])]);
  expect([answerOf(result, 0), answerOf(result, 1)]).toEqual([10, 11]);
});

it('best effort goes one batch at a time, since each is longer than its duration allows, and in turn', async () => {
  const result = await run(first, [stream('first', 'm', [1000]), stream('b', 'n', [0, 2]), stream('c', 'n', [1])]);
  expect([answerOf(result, 0), answerOf(result, 1), answerOf(result, 2)]).toEqual([10, 20, 30]);
});

it('without a name all are high-priority, and run beside each other', async () => {
  const result = await run('orion', [stream('first', 'm', [0]), stream('rest', 'n', [1])]);
  expect([answerOf(result, 0), answerOf(result, 1)]).toEqual([10, 11]);
});
