import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { families } from '../../../src/contention/fit/families.js';
import { isFitted, type FitPoint, type FittableModel, type FittedModel } from '../../../src/contention/fit/fittable.js';
import type { GroupKey, Readings } from '../../../src/contention/fit/group.js';
import { situationOf, type Situation } from '../../../src/contention/fit/situation.js';
import { laws, situation } from './laws.js';
import { inference, training } from './synthetic.js';

const root = new URL('../../../', import.meta.url);
const keys = [...[1, 2, 3, 4, 6, 8].map((n) => inference(n)), ...[1, 2, 4, 6].map((n) => inference(n, 1)), ...[0, 1, 2, 4, 6].map((n) => training(n))];
const alone = (workload: string): number => (workload === 'inference' ? 20 : 1000);
const points = (law: string, of = keys): FitPoint[] => of.map((k) => ({ situation: situation(k), logMs: Math.log(alone(k.workload) * laws[law].slowdown(situation(k))), se: 0.02 }));

/** Models that differ in what they use, in all pairs and in some threes: what the laws of the literature take. */
const mixed = (law: (s: Situation) => number, loaded = false): FitPoint[] => {
  const names = Object.keys(USE);
  const group = (model: string, beside: { model: string; count: number }[]): GroupKey => ({ workload: 'inference', model, inferenceJobs: 1 + beside.reduce((sum, n) => sum + n.count, 0), trainingJobs: 0, ...(beside.length > 0 ? { neighbours: beside } : {}), ...(loaded && beside.length === 1 ? { phase: 'loading' } : {}) });
  const all = names.flatMap((model, i) => [group(model, []), ...names.map((other) => group(model, [{ model: other, count: 1 }])), group(model, [{ model: names[(i + 1) % names.length], count: 2 }]), group(model, [{ model: names[(i + 2) % names.length], count: 3 }]), group(model, [{ model: names[(i + 3) % names.length], count: 4 }])]);
  return all.map((k): FitPoint => {
    const s = situationOf(k);
    return { situation: s, logMs: Math.log(20 * law(s)), se: 0.02, ...(k.inferenceJobs === 1 ? { readings: USE[k.model] } : {}) };
  });
};
const USE: Record<string, Readings> = {
  a: { l2_busy: 0.1, dram_busy: 0.3, host_busy: 0.2 },
  b: { l2_busy: 0.4, dram_busy: 0.1, host_busy: 0.05 },
  c: { l2_busy: 0.25, dram_busy: 0.55, host_busy: 0.4 },
  d: { l2_busy: 0.6, dram_busy: 0.35, host_busy: 0.1 },
};
const use = (name: string): Readings => USE[name.replace('inference:', '')];
const inMixed = ['gpulet', 'igniter'];
const dataFor = (name: string): FitPoint[] => (inMixed.includes(name) ? mixed((s) => 1 + 0.3 * s.inferenceNeighbours) : points('linear'));
const stranger = { ...inference(1), model: 'stranger' };
const lone = (name: string): GroupKey[] => (inMixed.includes(name) ? [inference(1), { ...inference(1), model: 'd' }] : [inference(1), training(0)]);

function fitted(model: FittableModel, data: FitPoint[]): FittedModel {
  const outcome = model.fit(data);
  if (!isFitted(outcome)) throw new Error(outcome.needs);
  return outcome;
}

it('lists every file of families in the map', () => {
  const files = readdirSync(new URL('src/contention/fit/families/', root)).map((f) => f.replace(/\.ts$/, ''));
  expect(Object.keys(families).sort()).toEqual(files.sort());
});

describe.each(Object.entries(families))('%s', (name, model) => {
  it('says what it is, and has a section in docs/contention.md', () => {
    expect(model.name).toBe(name);
    expect(model.about).toMatch(/\.$/);
    expect(model.source).toMatch(/\.$/);
    expect(model.formula).toContain('s');
    expect(readFileSync(new URL('docs/contention.md', root), 'utf8')).toContain(`### \`${name}\``);
  });

  it('leaves a job that is alone at its own speed', () => {
    const found = fitted(model, dataFor(name));
    for (const k of lone(name)) expect(found.logSlowdown(situation(k))).toBeCloseTo(0, 10);
  });

  it('says nothing about a class that it has not seen', () => {
    const found = fitted(model, dataFor(name));
    expect(found.logMs(situation(stranger))).toBeUndefined();
  });

  it('moves with its data: times twice as long are twice as long in a redraw', () => {
    const data = inMixed.includes(name) ? dataFor(name) : points('bottleneck');
    const found = fitted(model, data);
    const twice = found.redrawn(data.map((p) => p.logMs + Math.LN2));
    for (const p of data) expect(twice.logMs(p.situation)! - found.logMs(p.situation)!).toBeCloseTo(Math.LN2, 3);
  });
});

const exact = ['none', 'linear', 'usl', 'bottleneck', 'two-queues'];

it.each(exact)('%s finds its own law again, and continues it', (name) => {
  const found = fitted(families[name], points(name));
  for (const k of [...keys, inference(5), inference(12), inference(10, 1), training(8)]) {
    expect(Math.exp(found.logMs(situation(k))!) / alone(k.workload)).toBeCloseTo(laws[name].slowdown(situation(k)), 4);
  }
});

it('finds the parameters of the laws whose parameters have one meaning', () => {
  expect(fitted(families.linear, points('linear')).parameters['inference:a slowed by inference:a']).toBeCloseTo(0.35, 5);
  const usl = fitted(families.usl, points('usl')).parameters;
  expect([usl['inference:a: σ'], usl['inference:a: κ'], usl['training:big:b16: σ']].map((v) => Number(v.toFixed(4)))).toEqual([0.25, 0.03, 0.1]);
  const queue = fitted(families.bottleneck, points('bottleneck')).parameters;
  expect([queue['inference:a: demand'], queue['training:big:b16: demand']].map((v) => Number(v.toFixed(4)))).toEqual([0.6, 0.7]);
});

it('reproduces measured groups as they are with a table, in the situations that it measured', () => {
  const data = points('usl', keys.filter((k) => k.workload === 'inference' && k.trainingJobs === 0));
  const found = fitted(families.table, data);
  for (const p of data) expect(found.logMs(p.situation)).toBeCloseTo(p.logMs, 12);
});

describe('what cannot be told', () => {
  it('is the demand of one job beside one training job', () => {
    const outcome = families.bottleneck.fit(points('bottleneck', [inference(1), inference(1, 1)]));
    expect(outcome).toEqual({ needs: expect.stringMatching(/^needs /) });
  });

  it('is told with more inferences and the training job itself', () => {
    const outcome = families.bottleneck.fit(points('bottleneck', [inference(1), inference(2), inference(3), inference(1, 1), training(0), training(1)]));
    expect(isFitted(outcome)).toBe(true);
  });

  it('is both parameters of the scalability law from one co-run group', () => {
    expect(families.usl.fit(points('usl', [inference(1), inference(2)]))).toEqual({ needs: expect.stringContaining('three or more different numbers of jobs') });
    expect(isFitted(families.usl.fit(points('usl', [inference(1), inference(2), inference(4)])))).toBe(true);
  });

  it('is the slowdown of training that was never measured alone, and asks for K ≥ 2', () => {
    expect(families.usl.fit(points('usl', [training(1)]))).toEqual({ needs: expect.stringContaining('K ≥ 2 beside training') });
  });
});

it('takes measured utilisation into account: with it, the shape of a curve that is too short is told', () => {
  const few = [inference(1), inference(2)];
  const with_ = points('two-queues', few).map((p) => ({ ...p, readings: { accelerator_busy: laws['two-queues'].busy!(p.situation) } }));
  expect(isFitted(families['two-queues'].fit(points('two-queues', few)))).toBe(false);
  const found = fitted(families['two-queues'], with_);
  expect(found.parameters['inference:a: demand']).toBeCloseTo(0.5, 2);
});

describe('laws of the literature', () => {
  const gpulet = (s: Situation): number =>
    Math.max(1, ...s.neighbours.map((n) => 0.9 * use(s.observed).l2_busy! + 0.5 * use(n.class).l2_busy! + 0.2 * use(s.observed).dram_busy! + 0.7 * use(n.class).dram_busy! + 0.8));

  it('gpulet finds its five coefficients again from pairs of four models', () => {
    const found = fitted(families.gpulet, mixed(gpulet));
    expect(Object.entries(found.parameters).map(([name, v]) => [name, Number(v.toFixed(3))])).toEqual([['own L2', 0.9], ["neighbour's L2", 0.5], ['own DRAM', 0.2], ["neighbour's DRAM", 0.7], ['constant', 0.8]]);
  });

  it('igniter tells the cache from the scheduler where neighbours differ', () => {
    const law = (s: Situation): number => {
      const p = 1 + s.inferenceNeighbours;
      const used = s.neighbours.reduce((sum, n) => sum + n.count * use(n.class).l2_busy!, 0);
      return p === 1 ? 1 : 1 + 0.8 * used + 0.05 * (p - 1.5);
    };
    const found = fitted(families.igniter, mixed(law)).parameters;
    for (const name of ['a', 'b', 'c', 'd']) {
      expect(found[`inference:${name}: L2 sensitivity`]).toBeCloseTo(0.8, 3);
      expect(found[`inference:${name}: scheduling`]).toBeCloseTo(0.05, 3);
    }
    expect(found['scheduling: base']).toBeCloseTo(-1.5, 2);
  });

  it('igniter finds the power cap and the slope of the clock, and continues them', () => {
    const watts = (n: number): number => 60 + 40 * n;
    const clock = (n: number): number => 1500 - 5 * Math.max(0, watts(n) - 200);
    const base = mixed((s) => 1 + 0.5 * s.neighbours.reduce((sum, n) => sum + n.count * use(n.class).l2_busy!, 0) + (s.inferenceNeighbours === 0 ? 0 : 0.05 * s.inferenceNeighbours));
    const at = (s: Situation): number => clock(1 + s.inferenceNeighbours);
    const throttled = base.map((p): FitPoint => ({ ...p, logMs: p.logMs + Math.log(1500 / at(p.situation)), readings: { ...p.readings, clock_mhz: at(p.situation), power_w: Math.min(200, watts(1 + p.situation.inferenceNeighbours)) } }));
    const five = situationOf({ workload: 'inference', model: 'a', inferenceJobs: 6, trainingJobs: 0, neighbours: [{ model: 'b', count: 5 }] });
    const truth = Math.log(20 * (1 + 0.5 * 5 * 0.4 + 0.25) * (1500 / clock(6)));
    expect(fitted(families.igniter, throttled).logMs(five)! - truth).toBeCloseTo(0, 2);
    expect(Math.abs(fitted(families.igniter, throttled.map((p) => ({ ...p, readings: { l2_busy: p.readings?.l2_busy } }))).logMs(five)! - truth)).toBeGreaterThan(0.05);
  });

  it('resources costs nothing until the accelerator is full, and finds where that is', () => {
    const law = (s: Situation): number => Math.max(1, 0.3 * (1 + s.inferenceNeighbours));
    const data = [1, 2, 3, 4, 6, 8].map((n): FitPoint => ({ situation: situation(inference(n)), logMs: Math.log(20 * law(situation(inference(n)))), se: 0.02 }));
    const found = fitted(families.resources, data);
    expect(found.parameters['inference:a: accelerator demand']).toBeCloseTo(0.3, 4);
    expect(Math.exp(found.logMs(situation(inference(12)))!) / 20).toBeCloseTo(3.6, 3);
    expect(families.resources.fit(data.slice(0, 3))).toEqual({ needs: expect.stringContaining('accelerator is full, or accelerator_busy') });
  });

  it('resources takes a measured use of the host for the host, which may fill first', () => {
    const law = (s: Situation): number => Math.max(1, 0.5 * (1 + s.inferenceNeighbours));
    const data = [1, 2, 3, 4, 6].map((n): FitPoint => ({ situation: situation(inference(n)), logMs: Math.log(20 * law(situation(inference(n)))), se: 0.02, readings: { host_busy: 0.5, accelerator_busy: Math.min(n, 2) * 0.2 } }));
    expect(fitted(families.resources, data).parameters['inference:a: accelerator demand']).toBeCloseTo(0.2, 2);
  });

  it.each([
    ['gpulet', 'needs L2 and memory utilisation (l2_busy and dram_busy) of inference:a alone'],
    ['igniter', 'needs L2 utilisation (l2_busy) of inference:a alone'],
  ])('%s says which reading it lacks', (name, needs) => {
    expect(families[name].fit(points('linear'))).toEqual({ needs });
  });

  it.each(['gpulet', 'igniter', 'resources'])('%s takes the cost of a loading neighbour as its own, and says nothing of loading where it was never measured', (name) => {
    const beside = (s: Situation): boolean => s.neighbours.some((n) => n.class === 'loading');
    const law = (s: Situation): number => 1 + 0.3 * s.inferenceNeighbours + (beside(s) ? 0.25 : 0);
    const data = [...mixed(law), ...mixed(law, true)];
    const found = fitted(families[name], data);
    expect(found.parameters['a loading neighbour adds']).toBeCloseTo(0.25, 1);
    const loading = data.find((p) => beside(p.situation))!;
    expect(fitted(families[name], mixed(law)).logMs(loading.situation)).toBeUndefined();
  });
});
