import { describe, expect, it } from 'vitest';
import { stream } from '../../../src/random/stream.js';
import type { NamedProfile } from '../../../src/scenario/scenario.js';
import { alternative, profileOf } from '../alternative.js';
import { answerOf, at, record } from './by-hand.js';

/** Steps of 7, 7 and 6 ms; training and inference take twice as long beside each other, unless they are told not to meet. */
const profile = (more: Partial<NamedProfile['models'][string]> = {}, meet = true): NamedProfile =>
  profileOf({ solo_ms: 10, ...more }, {
    training: { t: { batch: 16, epoch_s: 0.02, step_ms: 7 } },
    ...(meet && { contention: { model: 'table', inference: { jobs: [1], slowdown: [1] }, inference_beside_training: { t: 2 }, training: { t: { jobs: [0, 1], slowdown: [1, 2] } } } }),
  });

async function trained(births: number[], its: NamedProfile, durationS = 0.06) {
  const run = await record(alternative({ workload: [at(births)], sites: its, retraining: 't', retrain: 'when-idle', durationS, measure: { drain_s: 0 } }));
  return { run, epochs: run.epochs_ms, spans: run.spans.filter((s) => s.kind === 'training').map((s) => [s.start_ms, s.end_ms]) };
}

describe('a job that is told to pause', () => {
  it('goes on to the end of its step, at its rate beside the inference', async () => {
    // At 10 the second step has 4 left, which take 8. Then the inference has 6 left, alone; from 24 on the third step, 6.
    const { run, spans, epochs } = await trained([10], profile());
    expect(answerOf(run, 10)).toBeCloseTo(24, 9);
    expect(spans[0]).toEqual([0, expect.closeTo(18, 9)]);
    expect(spans[1][0]).toBeCloseTo(24, 9);
    expect(epochs[0]).toBeCloseTo(30, 9);
  });

  it('ends its epoch first, where that is what its last step ends', async () => {
    // At 15 the last step, of 6, has 5 left, and the inference is still there when they are done.
    const { spans, epochs } = await trained([15], profile({}, false));
    expect(epochs).toEqual([20, 45]);
    expect(spans[0]).toEqual([0, 20]);
    expect(spans[1][0]).toBe(25);
  });

  it('does not pause where the reason is gone before its step ends', async () => {
    const { spans, epochs } = await trained([9], profile({ solo_ms: 2 }, false));
    expect(spans).toEqual([[0, 60]]);
    expect(epochs[0]).toBeCloseTo(20, 9);
    expect(epochs[1]).toBeCloseTo(40, 9);
  });

  it('waits half a step on average, where it is told at random', async () => {
    // Steps of 7 in epochs of 70; requests at random moments, far enough apart, each longer than a step.
    const steps = profileOf({ solo_ms: 10.5 }, { training: { t: { batch: 16, epoch_s: 0.07, step_ms: 7 } } });
    const draw = stream(1, 'births');
    const births = Array.from({ length: 2000 }, (_, i) => 100 * (i + 1) + 70 * draw());
    const { spans } = await trained(births, steps, 201);
    const waits = births.map((birth, i) => spans[i][1] - birth);
    for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(0);
    expect(Math.max(...waits)).toBeLessThanOrEqual(7 + 1e-6);
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
    const variance = waits.reduce((sum, wait) => sum + (wait - mean) ** 2, 0) / waits.length;
    // Uniform on 0 to 7: mean 3.5, standard deviation 7/√12 = 2.02, of the mean of 2,000 at random 0.045.
    expect(Math.abs(mean - 7 / 2)).toBeLessThan(4 * 0.045);
    expect(variance / (49 / 12)).toBeCloseTo(1, 1);
  });

  it('hears of it only between stretches of steps, where a scenario has it make several in a row', async () => {
    // Two steps of 7 take 10 at least.
    const served = alternative({ workload: [at([3])], sites: profileOf({ solo_ms: 20 }, { training: { t: { batch: 16, epoch_s: 0.07, step_ms: 7 } } }), retraining: 't', retrain: 'when-idle', durationS: 0.06, measure: { drain_s: 0 } });
    const retraining = served.scenario.retraining.map((job) => ({ ...job, fine_tune: { slice_ms: 10 } }));
    const { spans } = await record({ ...served, scenario: { ...served.scenario, retraining } });
    expect(spans.filter((s) => s.kind === 'training')[0]).toMatchObject({ start_ms: 0, end_ms: 14 });
  });
});
