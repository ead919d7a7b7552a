import { Value } from '@sinclair/typebox/value';
import { expect, it } from 'vitest';
import { expectedAccuracy } from '../../../src/policy/planners/ekya/expectation.js';
import { replicate } from '../../../src/experiment/replication.js';
import { LearningSchema, type Learning } from '../../../src/scenario/learning.js';
import { alternative, poisson } from '../../simulator/alternative.js';
import { record } from '../../simulator/closed-forms/by-hand.js';
import { learner, trainingOf } from './learning.js';

const options = { policy: 'ekya-thief', window_s: 20, epochs: [2], profile_s: 1, decision_s: 1 };
const bad: Partial<Learning> = { initial_accuracy: 0.3, ceiling: 0.3 };

it('once a window, after its profiling and its decision, while the world drifts: an epoch takes a second', async () => {
  const drifting: Partial<Learning> = { initial_accuracy: 0.5, ceiling: 0.9, half_gap_epochs: 1, drift: { kind: 'gradual', half_life_h: 10 / 3600 } };
  expect(await trainingOf(learner(options, 45, drifting))).toEqual([[2000, 4000], [22_000, 24_000], [42_000, 44_000]]);
});

it('a decision that takes longer begins later, and what would not end in the window is not begun', async () => {
  expect(await trainingOf(learner({ ...options, decision_s: 10 }, 25, bad))).toEqual([[11_000, 13_000]]);
  expect(await trainingOf(learner({ ...options, decision_s: 18 }, 25, bad))).toEqual([]);
  expect(await trainingOf(learner({ ...options, epochs: [19] }, 25, bad))).toEqual([]);
});

it.each(['paper', 'released'])('the %s thief does not train what is as good as training makes it', async (thief) => {
  expect(await trainingOf(learner({ ...options, thief }, 25, { initial_accuracy: 1, ceiling: 1 }))).toEqual([]);
});

it.each(['paper', 'released'])('the %s thief trains first what gains more, and the other one after another decision', async (thief) => {
  const profile = { name: 'two', models: { m: { solo_ms: 1 }, n: { solo_ms: 1 } }, training: { t: { batch: 16, epoch_s: 1 }, u: { batch: 16, epoch_s: 1 } } };
  const run = async (durationS: number): Promise<number[]> => {
    const setup = alternative({
      workload: [poisson(50, undefined, 'a', 'm'), poisson(50, undefined, 'b', 'n')],
      sites: profile,
      retraining: ['t', 'u'],
      retrain: { ...options, thief },
      durationS,
    });
    for (const [i, app] of ['a', 'b'].entries()) {
      const accuracy = i === 0 ? 0.8 : 0.3;
      Object.assign(setup.scenario.retraining[i], { app, learning: Value.Default(LearningSchema, { drift: { kind: 'none' }, label_share: 1, label_delay_s: 0, initial_accuracy: accuracy, ceiling: accuracy }) as Learning });
    }
    return (await replicate({ alternative: setup, replication: 0, warmUpMs: 0 })).measured!.epochs;
  };
  expect((await run(5)).map(Math.floor)).toEqual([0, 2]);
  expect((await run(18)).map(Math.floor)).toEqual([2, 2]);
});

it('more is expected of more epochs and of a worse model, and nothing of one that past rounds left where it was', () => {
  expect(expectedAccuracy([], 0.5, 15)).toBeGreaterThan(expectedAccuracy([], 0.5, 5));
  expect(expectedAccuracy([], 0.5, 5) - 0.5).toBeGreaterThan(expectedAccuracy([], 0.9, 5) - 0.9);
  expect(expectedAccuracy([{ from: 0.6, epochs: 5, to: 0.6 }], 0.6, 15)).toBeCloseTo(0.6, 2);
  const rounds = [{ from: 0.5, epochs: 5, to: 0.8 }];
  expect(expectedAccuracy(rounds, 0.5, 5)).toBeCloseTo(0.8, 2);
});

/** Two jobs whose epochs take a second alone, one of which has far more to gain; each may train on a tenth of its data. */
function two(more: object, durationS: number) {
  const profile = { name: 'two', models: { m: { solo_ms: 1 }, n: { solo_ms: 1 } }, training: { t: { batch: 16, epoch_s: 1 }, u: { batch: 16, epoch_s: 1 } }, shares: { percent: [10, 20, 30, 40, 50, 100], stretch: [4, 3, 2, 1.6, 1.5, 1] } };
  const setup = alternative({ workload: [poisson(50, undefined, 'a', 'm'), poisson(50, undefined, 'b', 'n')], sites: profile, retraining: ['t', 'u'], retrain: { ...options, profile_error: 0, ...more }, durationS });
  for (const [i, app] of ['a', 'b'].entries()) {
    const learning = { drift: { kind: 'none' }, label_share: 1, label_delay_s: 0, initial_accuracy: i === 0 ? 0.6 : 0.2, ceiling: 0.9, half_gap_epochs: 1, configurations: [{ name: 'tenth', ceiling: 0.88, half_gap_epochs: 1, epoch_factor: 0.1 }] };
    Object.assign(setup.scenario.retraining[i], { app, learning: Value.Default(LearningSchema, learning) as Learning });
  }
  return setup;
}

it.each(['paper', 'released'])('the %s thief trains by the configuration that pays in the window: a tenth of the data costs a tenth', async (thief) => {
  const { epochs } = (await replicate({ alternative: two({ thief, epochs: [4] }, 3), replication: 0, warmUpMs: 0 })).measured!;
  // From 2 s on: four epochs of 0.1 s, of the job that gains more; of the whole data there would be one.
  expect(epochs[1]).toBeCloseTo(4, 6);
});

it('divided in space, both train side by side, with shares that leave inference its own', async () => {
  const { spans } = await record(two({ divide: 'space', inference_percent: 50, epochs: [4] }, 12));
  const first = spans.filter(({ kind }) => kind === 'training').slice(0, 2);
  expect(first.map(({ start_ms }) => start_ms)).toEqual([2000, 2000]);
  const shares = first.map(({ start_ms, end_ms }) => (end_ms - start_ms) / 400);
  // Stretches of legal shares that sum to no more than 50 %.
  const percent = shares.map((stretch) => [10, 20, 30, 40, 50][[4, 3, 2, 1.6, 1.5].findIndex((known) => Math.abs(known - stretch) < 1e-6)]);
  expect(percent[0] + percent[1]).toBeLessThanOrEqual(50);
});

it('to divide space where the profile says nothing of shares is an error', async () => {
  await expect(trainingOf(learner({ ...options, divide: 'space' }, 25, bad))).rejects.toThrow(/divide: space needs a profile that says what shares cost/);
});
