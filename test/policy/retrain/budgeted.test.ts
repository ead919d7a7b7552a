import { Value } from '@sinclair/typebox/value';
import { expect, it } from 'vitest';
import { LearningSchema, type Learning } from '../../../src/scenario/learning.js';
import { replicate } from '../../../src/experiment/replication.js';
import { alternative, poisson } from '../../simulator/alternative.js';
import { learner, trainingOf } from './learning.js';

it('saves its epochs up, then spends them', async () => {
  // An epoch every two seconds: two of them after 4, 8 and 12 s.
  expect(await trainingOf(learner({ policy: 'budgeted', epochs_per_hour: 1800, epochs: 2 }, 13, {}))).toEqual([[4000, 6000], [8000, 10_000], [12_000, 13_000]]);
});

it('spends them on the model that answers worst', async () => {
  const profile = { name: 'two', models: { m: { solo_ms: 1 }, n: { solo_ms: 1 } }, training: { t: { batch: 16, epoch_s: 1 }, u: { batch: 16, epoch_s: 1 } } };
  const setup = alternative({
    workload: [poisson(50, undefined, 'a', 'm'), poisson(50, undefined, 'b', 'n')],
    sites: [profile, profile],
    retraining: ['t', 'u'],
    retrain: { policy: 'budgeted', epochs_per_hour: 360, epochs: 2 },
    durationS: 24,
  });
  for (const [i, app] of ['a', 'b'].entries()) {
    const accuracy = i === 0 ? 0.8 : 0.4;
    Object.assign(setup.scenario.retraining[i], { app, learning: Value.Default(LearningSchema, { drift: { kind: 'none' }, label_share: 1, label_delay_s: 0, initial_accuracy: accuracy, ceiling: accuracy }) as Learning });
  }
  const { measured } = await replicate({ alternative: setup, replication: 0, warmUpMs: 0 });
  expect(measured!.epochs).toEqual([0, 2]);
});
