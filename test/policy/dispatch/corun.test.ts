import { describe, expect, it } from 'vitest';
import type { CoRun, Topology } from '../../../src/policy/contract.js';
import { combinations } from '../../../src/policy/dispatch/combinations.js';
import corun from '../../../src/policy/dispatch/corun.js';
import { largestK, type Tolerances } from '../../../src/policy/dispatch/corun-search.js';
import { replicate } from '../../../src/experiment/replication.js';
import { at, answerOf, record } from '../../simulator/closed-forms/by-hand.js';
import { alternative, profileOf } from '../../simulator/alternative.js';

const permissive: Tolerances = { latency_tolerance: 1e9, epoch_tolerance: 1e9, combinations: 'mean', k_cap: 16 };

type Accelerator = Topology['accelerators'][number];

/** An accelerator that answers by the number of inferences. */
function machine(answer: (jobs: readonly string[]) => Partial<CoRun>, models = ['a', 'b']): Accelerator {
  const coRun = (jobs: readonly string[], training: string | undefined): CoRun => ({
    latencyMs: jobs.map(() => 10),
    epochMs: training === undefined ? undefined : 100,
    memoryMiB: 0,
    fits: true,
    outside: undefined,
    ...answer(jobs),
  });
  return { id: 0, name: 'gpu', site: 0, models, coRun };
}
/** What it finds, without what that does. */
const search = (accelerator: Accelerator, options = permissive) => {
  const { growth: _growth, ...found } = largestK(accelerator, 't', options);
  return found;
};

describe('the search for K', () => {
  it('ends at k_cap if nothing else limits it', () => {
    expect(search(machine(() => ({})))).toEqual({ k: 16, limitedBy: 'k_cap 16' });
    expect(search(machine(() => ({})), { ...permissive, k_cap: 3 })).toEqual({ k: 3, limitedBy: 'k_cap 3' });
  });

  it('ends where any combination does not fit into the memory', () => {
    const heavy = machine((jobs) => ({ fits: jobs.filter((m) => m === 'b').length < 2, memoryMiB: 1234.5 }));
    // Three of a, b are a b a, four are a b a b.
    expect(search(heavy)).toEqual({ k: 3, limitedBy: 'memory: 4 need 1235 MiB' });
    expect(search(machine(() => ({ fits: false }))).k).toBe(0);
  });

  it('ends where a combination was not measured', () => {
    const measured = machine((jobs) => ({ outside: jobs.length > 2 ? 'three were not measured' : undefined }));
    expect(search(measured)).toEqual({ k: 2, limitedBy: 'what was measured: three were not measured' });
  });

  it('ends where the mean latency grows more than K-fold', () => {
    // 1, 2, 3 times at 1, 2, 3, but 5 times at 4.
    const growth = [0, 1, 2, 3, 5];
    const topology = machine((jobs) => ({ latencyMs: jobs.map(() => 10 * growth[Math.min(4, jobs.length)]) }), ['a']);
    expect(search(topology, { ...permissive, latency_tolerance: 1 })).toEqual({ k: 3, limitedBy: 'latency: × 5.00 at 4' });
    expect(search(topology, { ...permissive, latency_tolerance: 0.9 }).k).toBe(0);
    expect(search(topology, { ...permissive, latency_tolerance: 1.25, k_cap: 4 }).k).toBe(4);
  });

  it('takes the mean over all combinations of K models', () => {
    // Alone: a 10, b 30, mean 20. Any pair: 42 each, which is 2.1 times the mean.
    const topology = machine((jobs) => ({ latencyMs: jobs.map((m) => (jobs.length > 1 ? 42 : m === 'a' ? 10 : 30)) }));
    expect(search(topology, { ...permissive, latency_tolerance: 1 })).toEqual({ k: 1, limitedBy: 'latency: × 2.10 at 2' });
    expect(search(topology, { ...permissive, latency_tolerance: 1.05, k_cap: 2 }).k).toBe(2);
  });

  it('ends where the longest epoch grows more than K + 1-fold', () => {
    const topology = machine((jobs) => ({ epochMs: jobs.length < 3 ? 100 * (jobs.length + 1) : 500 }));
    expect(search(topology, { ...permissive, epoch_tolerance: 1 })).toEqual({ k: 2, limitedBy: 'epoch time: × 5.00 at 3' });
  });

  it('looks at no epoch without a retraining job', () => {
    const accelerator = machine(() => ({ epochMs: undefined }), ['a']);
    expect(largestK(accelerator, undefined, { ...permissive, epoch_tolerance: 1e-9 }).k).toBe(16);
  });

  it('tests the worst of all models in all combinations where it is told to', () => {
    // Alone 10 and 30. Together a takes 32 and b 33: in the mean 32.5 / 20 = 1.6 times as long, at worst 3.2 times.
    const topology = machine((jobs) => ({ latencyMs: jobs.map((m) => (jobs.length > 1 ? (m === 'a' ? 32 : 33) : m === 'a' ? 10 : 30)), memoryMiB: 100 * jobs.length, epochMs: 100 + 10 * jobs.length }));
    const options = { ...permissive, latency_tolerance: 1, k_cap: 2 };
    const { growth, ...found } = largestK(topology, 't', options);
    expect(found).toEqual({ k: 2, limitedBy: 'k_cap 2' });
    // Without inference the epoch takes 100, beside two 120.
    expect(growth).toEqual({ combinations: 1, latency: { mean: 1.625, worst: 3.2 }, epoch: { mean: 1.2, worst: 1.2 }, memoryMiB: 200 });
    expect(search(topology, { ...options, combinations: 'worst' })).toEqual({ k: 1, limitedBy: 'latency: × 3.20 at 2' });
  });

  it('looks at all 70 subsets of four of eight models', () => {
    const asked = new Set<string>();
    const eight = Array.from({ length: 8 }, (_, i) => `m${i}`);
    const topology = machine((jobs) => {
      if (jobs.length === 4) asked.add([...jobs].sort().join());
      return { latencyMs: jobs.map((m) => 10 * jobs.length + Number(m[1])) };
    }, eight);
    const { growth } = largestK(topology, 't', { ...permissive, k_cap: 4 });
    expect(asked.size).toBe(70);
    // The mean of 10, 11, … 17 alone is 13.5, of 40 … 47 together 43.5; m0 fares worst, 40 / 10.
    expect(growth).toMatchObject({ combinations: 70, latency: { mean: 43.5 / 13.5, worst: 4 } });
  });

  it('finds no K where no app could be served', () => {
    expect(search(machine(() => ({}), []))).toEqual({ k: 0, limitedBy: 'no app that it could serve' });
  });

  it('weighs models that several apps use by how often they come together', () => {
    // Lanes a, a, b: the pairs are a a once and a b twice, so the mean latency of pairs is (20 + 2 × 50) / 3 = 40; alone (10 + 10 + 40) / 3 = 20.
    const latency = (jobs: readonly string[]): number => (jobs.length === 1 ? (jobs[0] === 'a' ? 10 : 40) : jobs.includes('b') ? 50 : 20);
    const accelerator = machine((jobs) => ({ latencyMs: jobs.map(() => latency(jobs)) }), ['a', 'a', 'b']);
    expect(search(accelerator, { ...permissive, latency_tolerance: 1, k_cap: 2 }).k).toBe(2);
    expect(search(accelerator, { ...permissive, latency_tolerance: 0.999, k_cap: 2 }).k).toBe(0);
    expect(search({ ...accelerator, coRun: (jobs, training) => ({ ...accelerator.coRun(jobs, training), latencyMs: jobs.map(() => latency(jobs) + (jobs.length > 1 ? 0.1 : 0)) }) }, { ...permissive, latency_tolerance: 1, k_cap: 2 }).k).toBe(1);
  });
});

describe('combinations', () => {
  const modelsOf = (lanes: readonly string[], k: number) => combinations(lanes, k).map(({ models }) => models);

  it('are all subsets of size k, each once', () => {
    expect(modelsOf(['a', 'b', 'c'], 1)).toEqual([['a'], ['b'], ['c']]);
    expect(modelsOf(['a', 'b', 'c'], 2)).toEqual([['a', 'b'], ['a', 'c'], ['b', 'c']]);
    expect(modelsOf(['a', 'b', 'c'], 3)).toEqual([['a', 'b', 'c']]);
    const found = modelsOf(
      Array.from({ length: 9 }, (_, i) => `m${i}`),
      4,
    );
    expect(found).toHaveLength(126);
    expect(new Set(found.map(String)).size).toBe(126);
  });

  it('are counted once where several lanes have the same model, with the number of ways', () => {
    expect(combinations(['a', 'b', 'a', 'a'], 2)).toEqual([
      { models: ['a', 'a'], ways: 3 },
      { models: ['a', 'b'], ways: 3 },
    ]);
    const ways = combinations(['a', 'a', 'b', 'b', 'c'], 3).reduce((sum, c) => sum + c.ways, 0);
    expect(ways).toBe(10);
    expect(combinations(Array.from({ length: 40 }, () => 'same'), 20)).toHaveLength(1);
  });

  it('take the lanes in turn beyond their number', () => {
    expect(modelsOf(['a', 'b'], 5)).toEqual([['a', 'b', 'a', 'b', 'a']]);
  });

  it('are drawn, the same ones every time, where there are too many', () => {
    const lanes = Array.from({ length: 30 }, (_, i) => `m${i}`);
    const found = combinations(lanes, 15);
    expect(found).toHaveLength(2000);
    expect(found).toEqual(combinations(lanes, 15));
    for (const { models } of found) expect(new Set(models).size).toBe(15);
  });
});

describe('serving', () => {
  it('runs K at once, first come, first served', async () => {
    // s(2) = 2 and s(3) = 4: K is 2. All three come at once: the third waits until two are done at 20.
    const profile = profileOf({ solo_ms: 10 }, { contention: { model: 'table', inference: { jobs: [1, 2, 3], slowdown: [1, 2, 4] } } });
    const run = await record(alternative({ workload: [at([0, 1, 2])], sites: profile, dispatch: 'corun' }));
    // 1 ms alone, then two at half speed: the first has 9 left and ends at 19; the third joins; the second has 1 left.
    expect([0, 1, 2].map((born) => answerOf(run, born))).toEqual([19, 21, 30]);
  });

  it('serves nobody where K is 0, and says why', async () => {
    const profile = profileOf({ solo_ms: 10, memory_mib: 1000 }, { accelerator: { name: 'small', memory_mib: 1500 }, training: { t: { batch: 16, epoch_s: 1, memory_mib: 400 } } });
    const found = corun.create({ ...permissive }, { random: () => 0, topology: { accelerators: [machine(() => ({ fits: false }))] } });
    expect((found.concurrency as (id: number, training: string | undefined) => number)(0, 't')).toBe(0);
    expect(found.facts).toEqual({ K: 0, 'K limited by': 'memory: 1 need 0 MiB' });
    const run = await record(alternative({ workload: [at([0])], sites: profile, retraining: 't', dispatch: { policy: 'corun', epoch_tolerance: 0.1 } }));
    expect(run.requests.map((r) => r.outcome)).toEqual(['unfinished']);
  });

  it('has a K of its own on each accelerator', () => {
    const slow = machine((jobs) => ({ fits: jobs.length <= 2 }));
    const fast = { ...machine((jobs) => ({ fits: jobs.length <= 5 })), id: 1, name: 'gpu1' };
    const hired = corun.create({ ...permissive }, { random: () => 0, topology: { accelerators: [slow, fast] } });
    const concurrency = hired.concurrency as (id: number, training: string | undefined) => number;
    expect([concurrency(0, undefined), concurrency(1, undefined)]).toEqual([2, 5]);
    expect(hired.facts).toMatchObject({ 'K on gpu': 2, 'K on gpu1': 5 });
  });

  it('searches beside the job that trains on that accelerator, and beside none elsewhere', async () => {
    // Two inferences beside it would make the epoch nine times as long; where nothing trains, two are as many as were measured.
    const profile = profileOf({ solo_ms: 10 }, { contention: {
      model: 'table',
      inference: { jobs: [1, 2], slowdown: [1, 2] },
      inference_beside_training: { t: 1 },
      training: { t: { jobs: [0, 1, 2], slowdown: [1, 1, 9] } },
    }, training: { t: { batch: 16, epoch_s: 1 } } });
    const found = await replicate({
      alternative: alternative({ workload: [at([0])], sites: [profile, profile], retraining: 't', dispatch: 'corun', place: 'all-on-one' }),
      replication: 0,
      warmUpMs: 0,
    });
    expect(found.facts).toMatchObject({ 'K on edge/gpu0': 1, 'K on edge/gpu1': 2 });
  });
});
