import { expect, it } from 'vitest';
import { alternative, profileOf } from '../../simulator/alternative.js';
import { at, record } from '../../simulator/closed-forms/by-hand.js';

const profile = profileOf({ solo_ms: 10 }, { training: { t: { batch: 16, epoch_s: 100 } } });

async function trainingOf(births: number[], quiet_ms: number, profiles = [profile]): Promise<[number, number][]> {
  const retrain = { policy: 'when-idle', quiet_ms };
  const { spans } = await record(alternative({ workload: [at(births)], sites: profiles, retraining: 't', retrain, durationS: 0.2, measure: { drain_s: 0 } }));
  return spans.filter((s) => s.kind === 'training').map((s) => [s.start_ms, s.end_ms]);
}

it('trains while no inference waits or runs', async () => {
  // The first two follow one another without a gap.
  expect(await trainingOf([20, 25, 100], 0)).toEqual([[0, 20], [40, 100], [110, 200]]);
});

it('resumes only when it has been quiet for long enough', async () => {
  expect(await trainingOf([20, 25, 100], 30)).toEqual([[0, 20], [70, 100], [140, 200]]);
  // Never quiet for 60 ms between them.
  expect(await trainingOf([20, 60, 100], 60)).toEqual([[0, 20], [170, 200]]);
});

it('what happens on another accelerator does not matter', async () => {
  // first come, first served takes the first accelerator, on which the job is, while it is free; only at 20 both are taken.
  expect(await trainingOf([20, 25], 0, [profile, profile])).toEqual([[0, 20], [30, 200]]);
});

it('waits for the rest of a slice before it gives the accelerator up', async () => {
  const sliced = profileOf({ solo_ms: 10 }, { training: { t: { batch: 16, epoch_s: 100, slice: { busy: 1, length_ms: 8 } } } });
  const [[, paused]] = await trainingOf([20], 0, [sliced]);
  expect(paused).toBeGreaterThan(20);
  expect(paused).toBeLessThan(28);
});
