import { describe, expect, it } from 'vitest';
import { compare } from '../../../src/experiment/compare.js';
import { metricsOf } from '../../../src/experiment/metrics.js';
import { openPool } from '../../../src/experiment/pool.js';
import { replicate } from '../../../src/experiment/replication.js';
import type { NamedProfile } from '../../../src/scenario/scenario.js';
import { alternative, poisson, profileOf } from '../alternative.js';
import { at } from './by-hand.js';

const pair: NamedProfile['contention'] = { model: 'table', inference: { jobs: [1, 2], slowdown: [1, 2] } };

describe('refusals', () => {
  it('reject-all answers nobody, so it has no latency and no goodput', async () => {
    const system = alternative({ workload: [{ ...poisson(100, 500), slo_ms: 50 }], sites: profileOf({ solo_ms: 1 }), dispatch: 'reject-all' });
    const { measured } = await replicate({ alternative: system, replication: 0, warmUpMs: 0 });
    expect(measured!.apps[0]).toMatchObject({ born: 500, answered: 0, inSlo: 0, rejected: 500 });
    const metrics = metricsOf(measured!, system);
    expect(metrics).toMatchObject({ rejected_share: 1, slo_attainment: 0, goodput_rps: 0, throughput_rps: 0, gpu_utilisation: 0 });
    expect(metrics.latency_p95_ms).toBeUndefined();
  });

  it('one task per accelerator says how many accelerators it needs', async () => {
    const system = alternative({
      workload: [poisson(10, 10, 'a'), poisson(10, 10, 'b')],
      sites: profileOf({ solo_ms: 1 }, { training: { net: { batch: 16, epoch_s: 1 } } }),
      retraining: 'net',
      place: 'one-task-per-accelerator',
    });
    const { refused, measured } = await replicate({ alternative: system, replication: 0, warmUpMs: 0 });
    expect(measured).toBeUndefined();
    expect(refused).toBe('2 apps and 1 retraining jobs need 3 accelerators, there are 1: set: { sites.0.accelerators.0.count: 3 }');
  });

  it('a placement that the memory does not hold is refused with what is missing', async () => {
    const system = alternative({
      workload: [poisson(10, 10)],
      sites: profileOf({ solo_ms: 1, memory_mib: 95 }, { accelerator: { name: 'gpu', memory_mib: 100, fixed_mib: 10 } }),
    });
    const { refused } = await replicate({ alternative: system, replication: 0, warmUpMs: 0 });
    expect(refused).toBe('app a needs 95 MiB on edge/gpu0, 90 MiB are free: use fewer apps, or one-task-per-accelerator');
  });

  // Three requests of 10 at 0, which run at once at s(3) = 3 beyond the table, until 30; one more at 100 ends the window.
  const beyond = (extrapolation: 'refuse' | 'label') =>
    alternative({ workload: [at([0, 0, 0, 100])], sites: profileOf({ solo_ms: 10 }, { contention: pair }), dispatch: 'unlimited', extrapolation });

  it('outside the measured domain is refused with the reason', async () => {
    const { refused } = await replicate({ alternative: beyond('refuse'), replication: 0, warmUpMs: 0 });
    expect(refused).toBe('left the measured domain of synthetic: 3 inferences at once, measured up to 2; extrapolation: label would go on and say so');
  });

  it('or labelled with the share of time spent there', async () => {
    const { measured } = await replicate({ alternative: beyond('label'), replication: 0, warmUpMs: 0 });
    expect(measured!.outsideShare[0]).toBeCloseTo(0.3, 12);
    expect(measured!.outside).toBe('3 inferences at once, measured up to 2');
    expect(measured!.apps[0].latencySumMs).toBeCloseTo(3 * 30 + 10, 9);
  });

  it('concern one alternative and leave the others', async () => {
    const inside = { ...beyond('refuse'), name: 'one at a time', policies: { ...beyond('refuse').policies, dispatch: { policy: 'fcfs', options: { k: 1 } } } };
    const outside = { ...inside, name: 'unlimited', policies: beyond('refuse').policies };
    const pool = openPool(1);
    const { comparison } = await compare([inside, outside], { scenario: 'test', pool });
    await pool.close();
    expect(comparison.alternatives.map((a) => a.verdict)).toEqual(['stable', 'refused']);
    expect(comparison.alternatives[1]).toMatchObject({ refused: 'left the measured domain of synthetic: 3 inferences at once, measured up to 2; extrapolation: label would go on and say so', metrics: {} });
    // 10, 20, 30 and 10: a trace without draws is the same in every replication.
    expect(comparison.alternatives[0].metrics.latency_mean_ms).toEqual({ mean: 17.5, ci95: [17.5, 17.5] });
    expect(comparison.differences).toEqual([]);
    expect(comparison.best).toEqual({ 'one at a time': 1 });
  });
});
