import { expect, it } from 'vitest';
import { learner, trainingOf } from './learning.js';

it.each(['ddm', 'page-hinkley', 'adwin'])('%s: trains its epochs once the answers have got worse, and only then', async (detector) => {
  const change = { drift: { kind: 'sudden', at_h: [10 / 3600], lost_share: 1 }, initial_accuracy: 1, ceiling: 1, half_gap_epochs: 0.01 } as const;
  const spans = await trainingOf(learner({ policy: 'on-drift', detector, epochs: 2, lambda: 5 }, 30, change));
  expect(spans).toHaveLength(1);
  const [[startMs, endMs]] = spans;
  expect(startMs).toBeGreaterThan(10_000);
  expect(startMs).toBeLessThan(13_000);
  expect(endMs - startMs).toBe(2000);
});

it('never trains where every answer is right', async () => {
  expect(await trainingOf(learner('on-drift', 30, { initial_accuracy: 1, ceiling: 1 }))).toEqual([]);
});

it('never trains where nothing is labelled', async () => {
  expect(await trainingOf(learner('on-drift', 30, { initial_accuracy: 0.1, label_share: 0 }))).toEqual([]);
});
