import { describe, expect, it } from 'vitest';
import { compareSides } from '../../../src/experiment/verify/compare-sides.js';
import { LateWindow } from '../../../src/experiment/verify/late-window.js';
import { speedNotes } from '../../../src/experiment/verify/notes.js';
import { aloneMs, atThatSpeed, speedOf } from '../../../src/experiment/verify/speed.js';
import { atSpeed } from '../../../src/profile/at-speed.js';
import { alternative, clients, poisson, profileOf } from '../../simulator/alternative.js';
import { replicate } from '../../../src/experiment/replication.js';

const cnn = { solo_ms: 10, host_ms: 2, batches: { size: [1, 4], mean_ms: [10, 30] }, load_ms: 100, after_idle: { alone: { cools_ms: 5, processes: [1], added_ms: [3] } } };

describe('how fast the machine was', () => {
  it('is the median of what an image took alone, over what the profile says', () => {
    const served = alternative({ workload: [poisson(10, 1000)], sites: profileOf(cnn) });
    const { model } = served.scenario.workload[0].stages[0] as { model: string };
    const timed = [11, 15, 13].map((medianMs) => ({ model, medianMs }));
    expect(speedOf(served, timed)).toEqual({ model, real_ms: 13, profile_ms: 12, factor: 13 / 12, runs: 3 });
    expect(speedOf(served, [])).toBeUndefined();
    expect(speedOf(served, [{ model: 'unknown', medianMs: 1 }])).toBeUndefined();
  });

  it('compares medians with medians', () => {
    expect(aloneMs({ solo_ms: 10, host_ms: 1, spread: { distribution: 'measured', quantiles: [0.5, 0.7, 2.1] } })).toBeCloseTo(8, 12);
  });

  it('makes all times of a profile longer by one factor, and no other number', () => {
    const profile = { models: { cnn }, training: { t: { batch: 16, epoch_s: 4, step_ms: 200 } }, turn_ms: 4 };
    expect(atSpeed(profile, 1.5)).toEqual({
      models: { cnn: { solo_ms: 15, host_ms: 3, batches: { size: [1, 4], mean_ms: [15, 45] }, load_ms: 150, after_idle: { alone: { cools_ms: 5, processes: [1], added_ms: [4.5] } } } },
      training: { t: { batch: 16, epoch_s: 6, step_ms: 300 } },
      turn_ms: 4,
    });
    expect(atSpeed(profile, 1)).toEqual(profile);
  });

  it('stretches a lone client, whose latency is nothing but times, by that factor', async () => {
    const served = alternative({ workload: [clients(1, 0, 'fixed')], sites: profileOf({ solo_ms: 10, host_ms: 2 }), durationS: 60 });
    const meanMs = async (system: typeof served): Promise<number> => {
      const { latencySumMs, answered } = (await replicate({ alternative: system, replication: 0, warmUpMs: 0 })).measured!.apps[0];
      return latencySumMs / answered;
    };
    expect((await meanMs(atThatSpeed(served, 1.25))) / (await meanMs(served))).toBeCloseTo(1.25, 9);
  });

  it('is told from 5 % on, with both times', () => {
    const speed = { model: 'cnn', real_ms: 4.4, profile_ms: 4, factor: 1.1, runs: 3 };
    expect(speedNotes(speed)[0]).toContain('10 % slower than the profile says: an image of cnn alone took 4.40 ms before the traffic of 3 real runs (median), and by the profile 4.00 ms');
    expect(speedNotes({ ...speed, factor: 0.9 })[0]).toContain('10 % faster');
    expect(speedNotes({ ...speed, factor: 1.04 })).toEqual([]);
  });

  it('stands beside the prediction, which alone is judged', () => {
    const estimate = (mean: number) => ({ mean, ci95: [mean, mean] as [number, number] });
    const { metrics } = compareSides([{ latency_p50_ms: 10 }], { latency_p50_ms: estimate(12) }, { noContention: {}, lookedUp: {}, atThatSpeed: { latency_p50_ms: estimate(10.1) } }, { latency_p50_ms: 5 }, 10);
    expect(metrics.latency_p50_ms).toMatchObject({ error_percent: 20, verdict: 'off', at_speed: 10.1 });
  });
});

it('hears how long a process was held only while somebody listens', () => {
  const witness = new LateWindow();
  expect(witness.detailed).toBe(false);
  const heard: number[] = [];
  witness.timing = (ms) => heard.push(ms);
  expect(witness.detailed).toBe(true);
  witness.workerDoes(0, 'inference', 10);
  witness.workerDoes(1, 'inference', 11);
  witness.workerDoes(0, 'nothing', 14);
  witness.workerDoes(1, 'nothing', 19);
  witness.timing = undefined;
  witness.workerDoes(0, 'inference', 20);
  witness.workerDoes(0, 'nothing', 30);
  expect(heard).toEqual([4, 8]);
});
