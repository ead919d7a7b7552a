import { expect, it } from 'vitest';
import { alternative, profileOf } from '../../simulator/alternative.js';
import { at, record } from '../../simulator/closed-forms/by-hand.js';

it('trains from the beginning to the end, epoch after epoch', async () => {
  const profile = profileOf({ solo_ms: 10 }, { training: { t: { batch: 16, epoch_s: 0.3 } } });
  const { spans, epochs_ms } = await record(alternative({ workload: [at([100])], sites: profile, retraining: 't', durationS: 1, measure: { drain_s: 0 } }));
  expect(spans.filter((s) => s.kind === 'training').map((s) => [s.start_ms, s.end_ms])).toEqual([[0, 1000]]);
  expect(epochs_ms).toEqual([300, 600, 900]);
});
