import { Value } from '@sinclair/typebox/value';
import { afterEach, expect, it } from 'vitest';
import { replicate } from '../../src/experiment/replication.js';
import { Event, type RetrainView } from '../../src/policy/contract.js';
import { policies } from '../../src/policy/policies.js';
import { LearningSchema, type Learning } from '../../src/scenario/learning.js';
import { alternative, poisson, profileOf } from './alternative.js';

const original = policies.retrain['every-window'].create;
afterEach(() => void (policies.retrain['every-window'].create = original));

/** Tells of every label that a policy sees; nothing trains. */
async function watch(replication: number, learning: object, seen: (view: RetrainView, nowMs: number) => void): Promise<void> {
  const { events } = policies.retrain['every-window'];
  policies.retrain['every-window'].create = () => ({
    on(event, _subject, nowMs, view) {
      if (event === Event.labelled) seen(view, nowMs);
      return Infinity;
    },
  });
  policies.retrain['every-window'].events = [Event.labelled];
  try {
    const setup = alternative({ workload: [poisson(20)], sites: profileOf({ solo_ms: 1 }, { training: { t: { batch: 16, epoch_s: 9 } } }), retraining: 't', retrain: 'every-window', durationS: 60 });
    Object.assign(setup.scenario.retraining[0], { app: 'a', learning: Value.Default(LearningSchema, { drift: { kind: 'none' }, ...learning }) as Learning });
    await replicate({ alternative: setup, replication, warmUpMs: 0 });
  } finally {
    policies.retrain['every-window'].events = events;
  }
}

it('the estimate is unbiased, and as far off as its standard error says', async () => {
  const z: number[] = [];
  let labels = 0;
  for (let replication = 0; replication < 200; replication++) {
    let last: [number, number] = [0, 0];
    await watch(replication, { initial_accuracy: 0.7, label_share: 0.25, label_delay_s: 0, label_window: 100 }, (view) => {
      last = [view.estimate(0), Math.min(view.labels(0), 100)];
      labels++;
      expect(view.standardError(0)).toBeCloseTo(Math.sqrt((last[0] * (1 - last[0])) / last[1]), 12);
    });
    z.push((last[0] - 0.7) / Math.sqrt(0.21 / last[1]));
  }
  const mean = z.reduce((a, b) => a + b) / z.length;
  const variance = z.reduce((a, b) => a + (b - mean) ** 2, 0) / (z.length - 1);
  // Of 200 standard normal values the mean has standard error 0.071, the variance 0.1.
  expect(Math.abs(mean)).toBeLessThan(0.22);
  expect(Math.abs(variance - 1)).toBeLessThan(0.35);
  // 200 runs of 1,200 requests, a quarter of them labelled: 60,000, standard error about 240.
  expect(Math.abs(labels - 60_000)).toBeLessThan(900);
});

it('no label comes before its delay', async () => {
  const times: number[] = [];
  await watch(0, { label_share: 1, label_delay_s: 20 }, (_, nowMs) => times.push(nowMs));
  expect(Math.min(...times)).toBeGreaterThanOrEqual(20_000);
  expect(times.length).toBeGreaterThan(600);
});
