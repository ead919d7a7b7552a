import { describe, expect, it } from 'vitest';
import { compare } from '../../src/experiment/compare.js';
import { withModelIntervals } from '../../src/experiment/model-uncertainty.js';
import { openPool, type Pool } from '../../src/experiment/pool.js';
import { replicate, type Task } from '../../src/experiment/replication.js';
import type { ResolvedAlternative } from '../../src/scenario/scenario.js';
import { criticalT } from '../../src/statistics/summary.js';
import { alternative, poisson, profileOf } from '../simulator/alternative.js';

/** A profile whose time alone may be a factor off. */
const uncertain = (factors: readonly number[]) => ({ ...profileOf({ solo_ms: 10, spread: { distribution: 'exponential' } }), uncertainty: { draws: factors.map((f) => ({ time: { 'inference:m': f } })) } });
const named = (name: string, factors: readonly number[], replications = 4, measure = {}): ResolvedAlternative => {
  const sites = factors.length === 0 ? profileOf({ solo_ms: 10, spread: { distribution: 'exponential' } }) : uncertain(factors);
  return { ...alternative({ workload: [poisson(30, 400)], sites, measure: { replications: { min: replications, max: replications, relative_half_width: 1e-9 }, ...measure } }), name };
};
const spread = (by: number): number[] => Array.from({ length: 20 }, (_, i) => 1 + by * ((i % 2 === 0 ? 1 : -1) * ((i + 1) / 20)));
const meanOf = async (a: ResolvedAlternative) => (await compare([a], { scenario: 't', pool: openPool(1) })).comparison.alternatives[0].metrics.latency_mean_ms;
const extra = ({ ci95, interval95_model: m }: Awaited<ReturnType<typeof meanOf>>): number => Math.sqrt(Math.max(0, (m![1] - m![0]) ** 2 - (ci95[1] - ci95[0]) ** 2)) / 2;

describe('the interval with the uncertainty of the model', () => {
  const nominal = [{ latency_mean_ms: 10 }, { latency_mean_ms: 12 }];
  const estimate = { latency_mean_ms: { mean: 11, ci95: [10.5, 11.5] as [number, number] } };

  it('adds what draws change, less chance, to the error of the simulation', () => {
    // Every draw changes both replications alike, by 3 or −3: no chance in it.
    const drawn = Array.from({ length: 8 }, (_, b) => nominal.map((n) => ({ latency_mean_ms: n.latency_mean_ms + (b % 2 ? 3 : -3) })));
    const half = Math.sqrt(0.5 ** 2 + (3 * criticalT(9, 0.95)) ** 2);
    const [lo, hi] = withModelIntervals(estimate, nominal, drawn).latency_mean_ms.interval95_model!;
    expect([lo, hi].map((v) => v.toFixed(9))).toEqual([11 - half, 11 + half].map((v) => v.toFixed(9)));
  });

  it('takes differences that are chance for chance', () => {
    const drawn = Array.from({ length: 200 }, (_, b) => nominal.map((n, i) => ({ latency_mean_ms: n.latency_mean_ms + ((b + i) % 2 ? 3 : -3) })));
    expect(withModelIntervals(estimate, nominal, drawn).latency_mean_ms.interval95_model).toEqual([10.5, 11.5]);
  });

  it('is absent without draws, or where most of them cannot be carried out', () => {
    expect(withModelIntervals(estimate, nominal, [])).toEqual(estimate);
    const mostly = [[{ latency_mean_ms: 10 }], [{ latency_mean_ms: 11 }], ...Array.from({ length: 5 }, () => [undefined])];
    expect(withModelIntervals(estimate, nominal, mostly)).toEqual(estimate);
  });

  it('keeps a share between 0 and 1', () => {
    const drawn = Array.from({ length: 4 }, (_, b) => [{ slo_attainment: b % 2 ? 1 : 0.5 }]);
    const { interval95_model } = withModelIntervals({ slo_attainment: { mean: 0.9, ci95: [0.89, 0.91] } }, [{ slo_attainment: 0.9 }], drawn).slo_attainment;
    expect(interval95_model![1]).toBe(1);
    expect(interval95_model![0]).toBeGreaterThanOrEqual(0);
  });
});

describe('a comparison', () => {
  it('is unsure where its profile is, and in proportion', async () => {
    const [narrow, wide] = [extra(await meanOf(named('a', spread(0.02)))), extra(await meanOf(named('a', spread(0.2))))];
    expect(narrow).toBeGreaterThan(0);
    expect(wide / narrow).toBeGreaterThan(6);
    expect(wide / narrow).toBeLessThan(20);
    expect((await meanOf(named('a', []))).interval95_model).toBeUndefined();
    expect((await meanOf(named('a', spread(0.2), 4, { parameter_draws: 0 }))).interval95_model).toBeUndefined();
  });

  it('does not become surer of its model with more replications', async () => {
    const [few, many] = [await meanOf(named('a', spread(0.1), 4)), await meanOf(named('a', spread(0.1), 64))];
    expect(many.ci95[1] - many.ci95[0]).toBeLessThan((few.ci95[1] - few.ci95[0]) / 2);
    // The interval of the mean is not symmetric, so the two do not come apart exactly.
    expect(extra(many) / extra(few)).toBeCloseTo(1, 1);
  });

  it('gives all alternatives the same draws with the same random numbers, and the same interval from any number of threads', async () => {
    const tasks: Task[] = [];
    const pool: Pool = { threads: 2, run: (task) => (tasks.push(task), replicate(task)), close: () => Promise.resolve() };
    const both = [named('a', spread(0.1)), named('b', spread(0.1))];
    const { comparison } = await compare(both, { scenario: 't', pool });
    const drawn = (name: string) => tasks.filter((t) => t.alternative.name === name && t.draw !== undefined).map((t) => `${t.draw}/${t.replication}`);
    expect(drawn('a')).toHaveLength(40);
    expect(drawn('b')).toEqual(drawn('a'));
    expect(comparison).toEqual((await compare(both, { scenario: 't', pool: openPool(1) })).comparison);
  });

  it('shows the policies the profile itself while another draw is true', async () => {
    const seen: number[] = [];
    const order = { name: 'looks', about: 'x.', source: 'test', decision: 'dispatch', options: { type: 'object' }, create: () => ({ on: (_e: number, _s: number, _n: number, view: { lanes: number[]; accelerators: number[]; soloMs(l: number, a: number, n: number): number }) => (seen.push(view.soloMs(0, 0, 1)), Infinity) }) };
    const { definitionsOf, hire, systemOf } = await import('../../src/experiment/assemble.js');
    const a = named('a', [1, 3]);
    const system = systemOf(a);
    const bundle = hire(a, system, { ...(await definitionsOf(a)), dispatch: order as never }, 1, 0);
    const { Simulator } = await import('../../src/simulator/simulator.js');
    const { sourcesOf } = await import('../../src/experiment/arrivals.js');
    const { networkOf } = await import('../../src/experiment/networks.js');
    const { Measurement } = await import('../../src/measurement/measurement.js');
    const measurement = new Measurement(1, 0, false, undefined);
    const simulator = new Simulator(system, bundle, await sourcesOf(a, 1, 0), { seed: 1, replication: 0, network: await networkOf(a), horizonMs: Infinity, warmUpMs: 0, draw: 1, refuseOutside: true }, measurement);
    measurement.watch(simulator);
    await simulator.run();
    expect(new Set(seen)).toEqual(new Set([10]));
  });
});
