import { Value } from '@sinclair/typebox/value';
import { expect, it } from 'vitest';
import { metricsOf, type MetricValues } from '../../../src/experiment/metrics.js';
import { replicate } from '../../../src/experiment/replication.js';
import type { Learning } from '../../../src/scenario/learning.js';
import { LearningSchema } from '../../../src/scenario/learning.js';
import { alternative, profileOf, type Choice } from '../alternative.js';

const RATE_RPS = 1;
const profile = profileOf({ solo_ms: 1 }, { training: { t: { batch: 16, epoch_s: 360 } } });

/** Ten hours of even requests beside one job. */
async function run(retrain: Choice, learning: Partial<Learning>, replication = 0): Promise<MetricValues> {
  const setup = alternative({ workload: [{ app: 'a', stages: [{ model: 'm' }], arrivals: { process: 'even', rate_rps: RATE_RPS } }], sites: profile, retraining: 't', retrain, durationS: 36_000 });
  setup.scenario.retraining[0].app = 'a';
  setup.scenario.retraining[0].learning = Value.Default(LearningSchema, { drift: { kind: 'gradual', half_life_h: 4 }, ...learning }) as Learning;
  const { measured, refused } = await replicate({ alternative: setup, replication, warmUpMs: 0 });
  expect(refused).toBeUndefined();
  return metricsOf(measured!, setup);
}

/** Mean of 2^(−age / h) over ages from `from` to `to`, in hours. */
const meanMatch = (from: number, to: number, h: number) => ((h / Math.LN2) * (2 ** (-from / h) - 2 ** (-to / h))) / (to - from);

it('without retraining the accuracy is the integral of the drift', async () => {
  const { accuracy, deploys, false_alarms } = await run('never', { floor: 0.2, initial_accuracy: 0.8 });
  expect(accuracy).toBeCloseTo(0.2 + 0.6 * meanMatch(0, 10, 4), 4);
  expect(deploys).toBe(0);
  expect(false_alarms).toBeUndefined();
});

it('with deploys every hour it is a sawtooth whose data is an hour old at each deploy', async () => {
  // Ten epochs of 6 minutes; they close the gap to the ceiling wholly.
  const { accuracy, deploys } = await run('continuous', { floor: 0.2, initial_accuracy: 0.8, ceiling: 0.8, epochs_per_deploy: 10, half_gap_epochs: 0.1 });
  expect(accuracy).toBeCloseTo(0.2 + 0.6 * (0.1 * meanMatch(0, 1, 4) + 0.9 * meanMatch(1, 2, 4)), 3);
  expect(deploys).toBeGreaterThanOrEqual(9);
});

it('every window: a start costs its time, and data is as old as the training was long', async () => {
  // Windows of 2 h; the start takes 360 s and one epoch as much, so the deploy comes after 0.2 h.
  const { accuracy, deploys } = await run({ policy: 'every-window', every_s: 7200, epochs: 1 }, { floor: 0, initial_accuracy: 0.8, ceiling: 0.8, half_gap_epochs: 0.01, start_s: 360, validation_images: 100_000 });
  const later = (0.2 * meanMatch(2, 2.2, 4) + 1.8 * meanMatch(0.2, 2, 4)) / 2;
  // The first deploy brings nothing better than what is there, and is declined.
  const first = meanMatch(0, 2, 4);
  expect(deploys).toBe(4);
  expect(accuracy).toBeCloseTo(0.8 * (0.2 * first + 0.8 * later), 3);
});

it('weights that are worse are declined', async () => {
  const { deploys, accuracy } = await run('continuous', { drift: { kind: 'none' }, initial_accuracy: 0.8, ceiling: 0.3, half_gap_epochs: 0.1 });
  expect(deploys).toBe(0);
  expect(accuracy).toBeCloseTo(0.8, 9);
});

it('on drift: a sudden change is noticed after the labels come, and retrained away', async () => {
  const sudden = { drift: { kind: 'sudden', at_h: [3], lost_share: 0.6 }, initial_accuracy: 0.9, label_share: 1, label_delay_s: 300, half_gap_epochs: 0.5 } as const;
  const noticed = await run({ policy: 'on-drift', detector: 'page-hinkley', delta: 0.05, lambda: 30, epochs: 2 }, sudden);
  expect(noticed.false_alarms).toBe(0);
  // The label delay, and λ / (d − δ) = 30 / 0.49 labels, one a second.
  expect(noticed.detection_delay_s).toBeGreaterThan(300 + 30);
  expect(noticed.detection_delay_s).toBeLessThan(300 + 120);
  expect(noticed.deploys).toBe(1);
  const never = await run('never', sudden);
  expect(noticed.accuracy! - never.accuracy!).toBeGreaterThan(0.3);
});

it('budgeted: spends no more epochs than it may', async () => {
  const { deploys } = await run({ policy: 'budgeted', epochs_per_hour: 2, epochs: 4 }, { half_gap_epochs: 1 });
  // Four epochs are saved after 2, 4, 6, 8 hours and take 24 minutes; those of hour 10 come too late.
  expect(deploys).toBe(4);
});
