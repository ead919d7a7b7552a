import { describe, expect, it } from 'vitest';
import { poissonQuantile } from '../../../src/random/poisson.js';
import { turnsFactor } from '../../../src/simulator/turns.js';
import { alternative, profileOf } from '../alternative.js';
import { answerOf, at, record } from './by-hand.js';

/** A process that trains all the time slows an inference of 6 by 1.5, in stretches of 4. */
const beside = (turn_ms?: number) =>
  profileOf({ solo_ms: 6 }, {
    training: { t: { batch: 16, epoch_s: 1 } },
    contention: { model: 'table', inference: { jobs: [1], slowdown: [1] }, inference_beside_training: { t: 1.5 }, training: { t: { jobs: [0, 1], slowdown: [1, 1] } } },
    ...(turn_ms !== undefined && { turn_ms }),
  });

describe('neighbours that take turns', () => {
  it('interrupt a Poisson number of times, for a stretch each; the mean stays that of the slowdown', async () => {
    const times = Array.from({ length: 4000 }, (_, i) => 100 * (i + 1));
    const run = await record(alternative({ workload: [at(times)], sites: beside(4), retraining: 't' }));
    const stretches = times.map((t) => (answerOf(run, t) - t - 6) / 4);
    for (const k of stretches) expect(k).toBeCloseTo(Math.round(k), 6);
    // Mean (1.5 − 1) × 6 / 4 = 0.75: P(0) = exp(−0.75) = 0.472, P(at most 2) = 0.959; standard errors √0.75 / √4000 = 0.0137 and √(0.472 × 0.528 / 4000) = 0.0079.
    const mean = stretches.reduce((sum, k) => sum + k, 0) / stretches.length;
    expect(Math.abs(mean - 0.75)).toBeLessThan(4 * 0.0137);
    expect(Math.abs(stretches.filter((k) => k < 0.5).length / 4000 - Math.exp(-0.75))).toBeLessThan(4 * 0.0079);
    expect(stretches.filter((k) => k < 2.5).length / 4000).toBeCloseTo(0.959, 1);
  });

  it('leave alone what is not slowed, and run evenly where the profile says nothing of turns', async () => {
    const alone = await record(alternative({ workload: [at([5, 50])], sites: profileOf({ solo_ms: 6 }, { turn_ms: 4 }) }));
    expect([answerOf(alone, 5), answerOf(alone, 50)]).toEqual([11, 56]);
    const evenly = await record(alternative({ workload: [at([5])], sites: beside(), retraining: 't' }));
    expect(answerOf(evenly, 5)).toBeCloseTo(14, 9);
  });

  it('a factor has mean 1, over all draws', () => {
    const n = 10_000;
    for (const [workMs, slowdown, turn] of [[6, 1.5, 4], [0.5, 3, 4], [50, 2, 3]]) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += turnsFactor(workMs, slowdown, turn, (i + 0.5) / n);
      expect(sum / n).toBeCloseTo(1, 2);
    }
  });
});

it('quantiles of a Poisson distribution are those of its sums', () => {
  // Mean 1: P(0) = 0.3679, P(≤ 1) = 0.7358, P(≤ 2) = 0.9197.
  expect([0, 0.367, 0.368, 0.735, 0.736, 0.919, 0.92].map((u) => poissonQuantile(1, u))).toEqual([0, 0, 1, 1, 2, 2, 3]);
  expect(poissonQuantile(0, 0.999999)).toBe(0);
  expect(Number.isFinite(poissonQuantile(5, 1 - 2 ** -32))).toBe(true);
});
