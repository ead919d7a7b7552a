import { expect, it } from 'vitest';
import { alternative, profileOf } from '../../simulator/alternative.js';
import { answerOf, at, record } from '../../simulator/closed-forms/by-hand.js';

const gpu = (knee: number) => profileOf({ solo_ms: 10 }, { shares: { percent: [knee, 100], stretch: [1.02, 1] } });
const stream = (app: string, births: (readonly [number, number])[]) => at(births, { app, stages: [{ model: 'm' }] });
const run = (knee: number, workload: ReturnType<typeof stream>[]) => record(alternative({ workload, sites: gpu(knee), dispatch: 'd-stack', place: 'd-stack' }));

it('models run at once as long as their shares fit', async () => {
  const both = await run(50, [stream('a', [[0, 1000]]), stream('b', [[1, 1000]])]);
  expect([answerOf(both, 0), answerOf(both, 1)]).toEqual([10.2, 11.2]);
  const inTurn = await run(60, [stream('a', [[0, 1000]]), stream('b', [[1, 1000]])]);
  expect([answerOf(inTurn, 0), answerOf(inTurn, 1)]).toEqual([10.2, 20.4]);
});

it('those that have not run for an SLO go by deadline', async () => {
  // While a runs, b and c come; c has the earlier deadline.
  const result = await run(60, [stream('a', [[0, 1000]]), stream('b', [[1, 900]]), stream('c', [[2, 500]])]);
  expect(answerOf(result, 2)).toBeLessThan(answerOf(result, 1));
});

it('then the one that has had the least', async () => {
  // a ran twice, b once; none of them waits for its SLO. At 30.6 the accelerator is free, and b goes, though a came first and is due first.
  const result = await run(60, [stream('a', [[0, 1000], [3, 1000], [25, 1000]]), stream('b', [[1, 1000], [26, 1000]])]);
  expect(answerOf(result, 26)).toBeLessThan(answerOf(result, 25));
});
