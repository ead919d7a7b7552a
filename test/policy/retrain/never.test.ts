import { expect, it } from 'vitest';
import { alternative, profileOf } from '../../simulator/alternative.js';
import { at, record } from '../../simulator/closed-forms/by-hand.js';

it('never trains, so that inference is not slowed down', async () => {
  const contention = { model: 'table' as const, inference: { jobs: [1], slowdown: [1] }, inference_beside_training: { t: 3 }, training: { t: { jobs: [0, 1], slowdown: [1, 2] } } };
  const profile = profileOf({ solo_ms: 10 }, { training: { t: { batch: 16, epoch_s: 0.3 } }, contention });
  const run = async (retrain: string) => record(alternative({ workload: [at([100])], sites: profile, retraining: 't', durationS: 1, retrain }));
  const never = await run('never');
  expect(never.spans.map((s) => s.kind)).toEqual(['inference']);
  expect(never.requests[0].latency_ms).toBeCloseTo(10, 9);
  expect((await run('continuous')).requests[0].latency_ms).toBeCloseTo(30, 9);
});
