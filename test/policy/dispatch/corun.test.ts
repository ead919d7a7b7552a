import { describe, expect, it } from 'vitest';
import type { CoRun, Topology } from '../../../src/policy/contract.js';
import { combinations } from '../../../src/policy/dispatch/combinations.js';
import corun, { largestK } from '../../../src/policy/dispatch/corun.js';
import { at, answerOf, record } from '../../simulator/closed-forms/by-hand.js';
import { alternative, profileOf } from '../../simulator/alternative.js';

const permissive = { latency_tolerance: 1e9, epoch_tolerance: 1e9, k_cap: 16 };

/** A topology with one accelerator that answers by the number of inferences. */
function machine(answer: (jobs: readonly string[]) => Partial<CoRun>, models = ['a', 'b'], trainingModel: string | undefined = 't'): Topology {
  const coRun = (jobs: readonly string[], training: string | undefined): CoRun => ({
    latencyMs: jobs.map(() => 10),
    epochMs: training === undefined ? undefined : 100,
    memoryMiB: 0,
    fits: true,
    outside: undefined,
    ...answer(jobs),
  });
  return { accelerators: [{ id: 0, name: 'gpu', site: 0, coRun }], models, trainingModel };
}
const search = (topology: Topology, options = permissive) => largestK(topology.accelerators[0], topology, options);

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
    const topology = machine(() => ({ epochMs: undefined }), ['a'], undefined);
    topology.trainingModel satisfies string | undefined;
    expect(search({ ...topology, trainingModel: undefined }, { ...permissive, epoch_tolerance: 1e-9 }).k).toBe(16);
  });
});

describe('combinations', () => {
  it('are all subsets of size k, each once', () => {
    expect([...combinations(['a', 'b', 'c'], 1)]).toEqual([['a'], ['b'], ['c']]);
    expect([...combinations(['a', 'b', 'c'], 2)]).toEqual([['a', 'b'], ['a', 'c'], ['b', 'c']]);
    expect([...combinations(['a', 'b', 'c'], 3)]).toEqual([['a', 'b', 'c']]);
    const names = Array.from({ length: 9 }, (_, i) => `m${i}`);
    const found = [...combinations(names, 4)];
    expect(found).toHaveLength(126);
    expect(new Set(found.map(String)).size).toBe(126);
  });

  it('take the models in turn beyond their number', () => {
    expect([...combinations(['a', 'b'], 5)]).toEqual([['a', 'b', 'a', 'b', 'a']]);
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
    const found = corun.create({ ...permissive }, { random: () => 0, topology: machine(() => ({ fits: false })) });
    expect(found).toMatchObject({ concurrency: 0, facts: { K: 0, 'K limited by': 'memory: 1 need 0 MiB' } });
    const run = await record(alternative({ workload: [at([0])], sites: profile, retraining: 't', dispatch: { policy: 'corun', epoch_tolerance: 0.1 } }));
    expect(run.requests.map((r) => r.outcome)).toEqual(['unfinished']);
  });

  it('has a K of its own on each accelerator', () => {
    const slow = machine((jobs) => ({ fits: jobs.length <= 2 })).accelerators[0];
    const fast = { ...machine((jobs) => ({ fits: jobs.length <= 5 })).accelerators[0], id: 1 };
    const hired = corun.create({ ...permissive }, { random: () => 0, topology: { accelerators: [slow, fast], models: ['a'], trainingModel: undefined } });
    expect(hired).toMatchObject({ concurrency: 5, facts: { K: 2 } });
  });
});
