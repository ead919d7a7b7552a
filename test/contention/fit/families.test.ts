import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { families } from '../../../src/contention/fit/families.js';
import { isFitted, type FitPoint, type FittableModel, type FittedModel } from '../../../src/contention/fit/fittable.js';
import { laws, situation } from './laws.js';
import { inference, training } from './synthetic.js';

const root = new URL('../../../', import.meta.url);
const keys = [...[1, 2, 3, 4, 6, 8].map((n) => inference(n)), ...[1, 2, 4, 6].map((n) => inference(n, 1)), ...[0, 1, 2, 4, 6].map((n) => training(n))];
const alone = (workload: string): number => (workload === 'inference' ? 20 : 1000);
const points = (law: string, of = keys): FitPoint[] => of.map((k) => ({ situation: situation(k), logMs: Math.log(alone(k.workload) * laws[law].slowdown(situation(k))), se: 0.02 }));

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
    const found = fitted(model, points('linear'));
    for (const k of [inference(1), training(0)]) expect(found.logSlowdown(situation(k))).toBeCloseTo(0, 10);
  });

  it('says nothing about a class that it has not seen', () => {
    const found = fitted(model, points('linear'));
    expect(found.logMs(situation({ ...inference(1), model: 'stranger' }))).toBeUndefined();
  });

  it('moves with its data: times twice as long are twice as long in a redraw', () => {
    const data = points('bottleneck');
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
  const with_ = points('two-queues', few).map((p) => ({ ...p, busy: laws['two-queues'].busy!(p.situation) }));
  expect(isFitted(families['two-queues'].fit(points('two-queues', few)))).toBe(false);
  const found = fitted(families['two-queues'], with_);
  expect(found.parameters['inference:a: demand']).toBeCloseTo(0.5, 2);
});
