import { describe, expect, it } from 'vitest';
import { compare, type CompareOptions } from '../../src/experiment/compare.js';
import { openPool, type Pool } from '../../src/experiment/pool.js';
import { replicate, type Task } from '../../src/experiment/replication.js';
import type { Comparison } from '../../src/experiment/result.js';
import type { ResolvedAlternative } from '../../src/scenario/scenario.js';
import { holm } from '../../src/statistics/holm.js';
import { pairedDifference } from '../../src/statistics/paired.js';
import { alternative, poisson, profileOf, type Setup } from '../simulator/alternative.js';

const exponential = profileOf({ solo_ms: 10, spread: { distribution: 'exponential' } });
const mm = (name: string, change: Partial<Setup> = {}): ResolvedAlternative => ({
  ...alternative({ workload: [{ ...poisson(60, 100), slo_ms: 50 }], sites: exponential, measure: { replications: { min: 4, max: 4, relative_half_width: 0.02 } }, ...change }),
  name,
});

const run = async (alternatives: ResolvedAlternative[], options: Partial<CompareOptions> = {}): Promise<Comparison> =>
  (await compare(alternatives, { scenario: 'test.yaml', pool: openPool(1), ...options })).comparison;

/** A pool that notes what it was asked for, and may do something before each. */
function noting(before: (task: Task, count: number) => void = () => undefined): Pool & { tasks: Task[] } {
  const tasks: Task[] = [];
  return {
    threads: 1,
    tasks,
    run: (task) => {
      tasks.push(task);
      before(task, tasks.length);
      return replicate(task);
    },
    close: () => Promise.resolve(),
  };
}

const numbered = (max: number, relative_half_width: number, min = 20): Partial<Setup> => ({ measure: { replications: { min, max, relative_half_width } } });

describe('stopping', () => {
  it('stops at the first look at which every interval is narrow enough', async () => {
    const sure = await run([mm('a', { ...numbered(100, 0.5) }), mm('b', { ...numbered(100, 0.5), dispatch: { policy: 'fcfs', k: 2 } })]);
    expect(sure).toMatchObject({ stopped: 'precise', replications: 20 });
    for (const { metrics } of sure.alternatives) expect(metrics.latency_mean_ms.ci95[0]).toBeGreaterThan(0.5 * metrics.latency_mean_ms.mean);
  });

  it('looks after 20, 40, 80 replications and at the maximum only', async () => {
    const looks: number[] = [];
    const unsure = await run([mm('a', numbered(50, 1e-9))], { onProgress: ({ next }) => looks.push(next) });
    expect(unsure).toMatchObject({ stopped: 'maximum', replications: 50 });
    expect([...new Set(looks)]).toEqual([20, 40, 50]);
  });

  it('looks no earlier than the declared minimum', async () => {
    expect(await run([mm('a', numbered(100, 0.9, 30))])).toMatchObject({ stopped: 'precise', replications: 30 });
  });

  it('more precision was asked for, so more replications were run, and the interval is as narrow as asked', async () => {
    const result = await run([mm('a', numbered(400, 0.04))]);
    expect(result.stopped).toBe('precise');
    expect([40, 80, 160, 320]).toContain(result.replications);
    const { mean, ci95 } = result.alternatives[0].metrics.latency_mean_ms;
    expect((ci95[1] - ci95[0]) / 2).toBeLessThanOrEqual(0.04 * mean);
  });

  it('tells how far it is', async () => {
    const progress: [number, number, number][] = [];
    await run([mm('a'), mm('b')], { onProgress: ({ done, next, most }) => progress.push([done, next, most]) });
    expect(progress.map(([done]) => done)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(progress.every(([, next, most]) => next === 8 && most === 8)).toBe(true);
  });
});

describe('interruption', () => {
  it('keeps what is complete for all alternatives, and begins nothing more', async () => {
    const interrupt = new AbortController();
    const pool = noting((_task, count) => count === 8 && interrupt.abort());
    const result = await run([mm('a', numbered(20, 1e-9)), mm('b', numbered(20, 1e-9)), mm('c', numbered(20, 1e-9))], { pool, signal: interrupt.signal });
    expect(pool.tasks).toHaveLength(8);
    expect(result).toMatchObject({ stopped: 'interrupted', replications: 2 });
    // What is kept is what a shorter comparison gives.
    const short = await run(['a', 'b', 'c'].map((name) => mm(name, numbered(2, 1e-9, 1))));
    expect(result.alternatives.map((a) => a.metrics.latency_p50_ms.mean)).toEqual(short.alternatives.map((a) => a.metrics.latency_p50_ms.mean));
    expect(result.differences).toHaveLength(3);
  });

  it('before the first replication is complete there is nothing to tell', async () => {
    const interrupt = new AbortController();
    interrupt.abort();
    const result = await run([mm('a')], { signal: interrupt.signal });
    expect(result).toMatchObject({ stopped: 'interrupted', replications: 0, differences: [], best: {} });
    expect(result.alternatives[0]).toMatchObject({ metrics: {}, refused: 'interrupted before its first replication was complete' });
  });

  it('is heard between two replications in a single thread, which lets the event loop turn', async () => {
    const interrupt = new AbortController();
    setTimeout(() => interrupt.abort(), 1);
    const result = await run([mm('a', numbered(100_000, 1e-9))], { signal: interrupt.signal });
    expect(result.stopped).toBe('interrupted');
    expect(result.replications).toBeLessThan(100_000);
  });
});

describe('refusal', () => {
  const small = profileOf({ solo_ms: 10, spread: { distribution: 'exponential' }, memory_mib: 5000 }, { accelerator: { name: 'small', memory_mib: 4000 } });

  it('one refused alternative leaves the others as they are', async () => {
    const fine = [mm('a'), mm('b', { dispatch: { policy: 'fcfs', k: 2 } })];
    const alone = await run(fine);
    const beside = await run([mm('too large', { sites: small }), ...fine]);
    expect(beside.alternatives[0]).toMatchObject({ verdict: 'refused', metrics: {} });
    expect(beside.alternatives[0].refused).toMatch(/app a needs 5000 MiB on edge\/gpu0, 4000 MiB are free/);
    expect(beside.alternatives.slice(1)).toEqual(alone.alternatives);
    expect(beside.differences).toEqual(alone.differences);
    expect(Object.keys(beside.best)).toEqual(['a', 'b']);
    expect(beside.replications).toBe(4);
  });

  it('all of them refused is a result too', async () => {
    expect(await run([mm('too large', { sites: small })])).toMatchObject({ replications: 0, differences: [], best: {}, alternatives: [{ verdict: 'refused' }] });
  });

  it('leaving the measured domain refuses, or is labelled with its share of the time', async () => {
    const narrow = profileOf({ solo_ms: 10 }, { contention: { model: 'table', inference: { jobs: [1], slowdown: [1] } } });
    const two: Partial<Setup> = { sites: narrow, dispatch: { policy: 'fcfs', k: 2 } };
    const [refused, labelled] = (await run([mm('refused', two), mm('labelled', { ...two, extrapolation: 'label' })])).alternatives;
    expect(refused).toMatchObject({ verdict: 'refused', refused: expect.stringContaining('2 inferences at once, measured up to 1') });
    expect(labelled.extrapolated_share).toBeGreaterThan(0);
    expect(labelled.extrapolated_share).toBeLessThan(1);
    expect(labelled.extrapolated_reason).toBe('2 inferences at once, measured up to 1');
  });
});

describe('differences and the best', () => {
  const bundles = [mm('one'), mm('two', { dispatch: { policy: 'fcfs', k: 2 } }), mm('same as one'), mm('reject', { dispatch: 'reject-all' })].map((a) => {
    a.scenario.measure = { ...a.scenario.measure, primary: 'goodput_rps', metrics: ['latency_p95_ms'], replications: { min: 20, max: 20, relative_half_width: 0.02 } };
    return a;
  });

  it('pairs the replications of every two alternatives that have the metric, and corrects within each metric', async () => {
    const pool = noting();
    const result = await run(bundles, { pool });
    const goodput = result.differences.filter((d) => d.metric === 'goodput_rps');
    expect(goodput.map((d) => [d.a, d.b])).toEqual([
      ['one', 'two'],
      ['one', 'same as one'],
      ['one', 'reject'],
      ['two', 'same as one'],
      ['two', 'reject'],
      ['same as one', 'reject'],
    ]);
    // Who answers nobody has no latency.
    expect(result.differences.filter((d) => d.metric === 'latency_p95_ms').map((d) => [d.a, d.b])).toEqual([
      ['one', 'two'],
      ['one', 'same as one'],
      ['two', 'same as one'],
    ]);
    const values: Record<string, number[]> = {};
    for (const a of bundles) {
      values[a.name] = [];
      for (let replication = 0; replication < 20; replication++) {
        const { measured } = await replicate({ alternative: a, replication, warmUpMs: 0 });
        values[a.name].push((1000 * measured!.apps[0].inTime) / measured!.windowMs);
      }
    }
    const expected = goodput.map((d) => pairedDifference(values[d.a], values[d.b]));
    const adjusted = holm(expected.map((e) => e.pValue));
    goodput.forEach((d, i) => {
      expect(d.mean).toBeCloseTo(expected[i].mean, 9);
      expect(d.ci95[0]).toBeCloseTo(expected[i].ci95[0], 9);
      expect(d.p_value).toBeCloseTo(adjusted[i], 9);
      expect(d.p_a_better).toBeCloseTo(expected[i].pABetter('higher'), 9);
    });
  });

  it('says who is best and how sure, and finds no difference where there is none', async () => {
    const { best, differences } = await run(bundles);
    const of = (a: string, b: string) => differences.find((d) => d.a === a && d.b === b && d.metric === 'goodput_rps')!;
    expect(Object.keys(best)).toEqual(bundles.map(({ name }) => name));
    expect(Object.values(best).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
    expect(best.two).toBeGreaterThan(0.99);
    expect(best.reject).toBe(0);
    expect(best.one).toBe(best['same as one']);
    expect(of('one', 'same as one')).toMatchObject({ mean: 0, ci95: [0, 0], p_value: 1, p_a_better: 0.5 });
    expect(of('one', 'two').mean).toBeLessThan(0);
    expect(of('one', 'two').p_value).toBeLessThan(0.001);
    expect(of('one', 'two').p_a_better).toBeLessThan(0.001);
    expect(of('two', 'reject').p_a_better).toBeGreaterThan(0.999);
  });

  it('for a metric of which less is better, less is better', async () => {
    const { differences, best } = await run([mm('one'), mm('two', { dispatch: { policy: 'fcfs', k: 2 } })]);
    expect(differences[0].mean).toBeGreaterThan(0);
    expect(differences[0].p_a_better).toBeLessThan(0.5);
    expect(best.two).toBeGreaterThan(best.one);
  });
});

describe('warm-up', () => {
  const stationary = (name: string, k: number): ResolvedAlternative => mm(name, { workload: [poisson(80, 400)], dispatch: { policy: 'fcfs', k }, measure: { warm_up: 'auto', replications: { min: 2, max: 2, relative_half_width: 0.1 } } });

  it('cuts all alternatives alike, at the latest of the cuts that their pilots ask for', async () => {
    const pool = noting();
    const { warm_up_s } = await run([stationary('a', 1), stationary('b', 2)], { pool });
    const pilots = pool.tasks.filter((task) => task.series);
    expect(pilots.map((task) => [task.alternative.name, task.replication, task.warmUpMs])).toEqual([
      ['a', -1, 0],
      ['b', -1, 0],
    ]);
    expect(warm_up_s).toBeGreaterThan(0);
    for (const task of pool.tasks.filter((t) => !t.series)) expect(task.warmUpMs).toBe(warm_up_s! * 1000);
    const single = await Promise.all([run([stationary('a', 1)]), run([stationary('b', 2)])]);
    expect(warm_up_s).toBe(Math.max(...single.map((each) => each.warm_up_s ?? 0)));
  });

  it('cuts nothing where it is told not to, nor from a stream that changes with time', async () => {
    const none = noting();
    expect(await run([mm('a')], { pool: none })).not.toHaveProperty('warm_up_s');
    expect(none.tasks.every((task) => !task.series && task.warmUpMs === 0)).toBe(true);
    const replayed = stationary('replayed', 1);
    replayed.scenario.workload[0] = { app: 'a', stages: [{ model: 'm' }], trace: { format: 'corun-azure' } };
    const trace = noting();
    expect(await run([replayed], { pool: trace })).not.toHaveProperty('warm_up_s');
    expect(trace.tasks.every((task) => !task.series)).toBe(true);
  });
});

it('a result names what ran and on which profiles', async () => {
  const result = await run([mm('a', { dispatch: 'corun' })]);
  expect(result).toMatchObject({ schema: 'corun/comparison@1', scenario: 'test.yaml', seed: 1, primary: 'latency_mean_ms', profiles: [{ name: 'synthetic' }] });
  expect(result.alternatives[0].decisions).toEqual({ route: 'fixed', select: 'fixed', dispatch: 'corun', retrain: 'never', place: 'all-on-one' });
  expect(result.alternatives[0].facts).toMatchObject({ K: 16, 'K limited by': 'k_cap 16' });
  expect(JSON.parse(JSON.stringify(result))).toEqual(result);
});
