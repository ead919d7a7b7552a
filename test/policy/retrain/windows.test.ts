import { expect, it } from 'vitest';
import { alternative, profileOf, type Choice } from '../../simulator/alternative.js';
import { at, record } from '../../simulator/closed-forms/by-hand.js';

const profile = profileOf({ solo_ms: 10 }, { training: { t: { batch: 16, epoch_s: 100 } } });

async function trainingOf(retrain: Choice): Promise<[number, number][]> {
  const { spans } = await record(alternative({ workload: [at([0])], sites: profile, retraining: 't', retrain, durationS: 10, measure: { drain_s: 0 } }));
  return spans.filter((s) => s.kind === 'training').map((s) => [s.start_ms, s.end_ms]);
}

it('trains during the windows only', async () => {
  expect(await trainingOf({ policy: 'windows', every_s: 4, for_s: 1, offset_s: 0 })).toEqual([[0, 1000], [4000, 5000], [8000, 9000]]);
  expect(await trainingOf({ policy: 'windows', every_s: 4, for_s: 3, offset_s: 2 })).toEqual([[2000, 5000], [6000, 9000]]);
});

it('windows that last until the next one are one', async () => {
  expect(await trainingOf({ policy: 'windows', every_s: 4, for_s: 9, offset_s: 0 })).toEqual([[0, 10_000]]);
});
