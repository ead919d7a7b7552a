import { Value } from '@sinclair/typebox/value';
import { LearningSchema, type Learning } from '../../../src/scenario/learning.js';
import type { ResolvedAlternative } from '../../../src/scenario/scenario.js';
import { alternative, profileOf, type Choice } from '../../simulator/alternative.js';
import { at, record } from '../../simulator/closed-forms/by-hand.js';

const profile = profileOf({ solo_ms: 10 }, { training: { t: { batch: 16, epoch_s: 1 } } });

/** One app with a request every 100 ms, beside a job whose epoch takes a second; everything is labelled at once. */
export function learner(retrain: Choice, durationS: number, learning: Partial<Learning>): ResolvedAlternative {
  const births = Array.from({ length: durationS * 10 }, (_, i) => i * 100);
  const setup = alternative({ workload: [at(births)], sites: profile, retraining: 't', retrain, durationS, measure: { drain_s: 0 } });
  setup.scenario.retraining[0].app = 'a';
  setup.scenario.retraining[0].learning = Value.Default(LearningSchema, { drift: { kind: 'none' }, label_share: 1, label_delay_s: 0, ...learning }) as Learning;
  return setup;
}

/** When the job trained, in ms. */
export async function trainingOf(setup: ResolvedAlternative): Promise<[number, number][]> {
  const { spans } = await record(setup);
  return spans.filter((s) => s.kind === 'training').map((s) => [s.start_ms, s.end_ms]);
}
