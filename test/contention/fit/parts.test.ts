import { intervalScore } from '../../../src/contention/fit/interval-score.js';
import { normal } from '../../../src/random/normal.js';
import { stream } from '../../../src/random/stream.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupMedians } from '../../../src/contention/fit/bootstrap.js';
import { discrepancyOf, halfWidth } from '../../../src/contention/fit/discrepancy.js';
import type { ObservedGroup } from '../../../src/contention/fit/group.js';
import { median, sortedRows, weightedQuantile } from '../../../src/contention/fit/medians.js';
import { memoryLine } from '../../../src/contention/fit/memory-line.js';
import { nearestLogMs } from '../../../src/contention/fit/nearest.js';
import { pooledSpread } from '../../../src/contention/fit/spread.js';
import { stackingWeights } from '../../../src/contention/fit/stacking.js';
import { inference, syntheticGroup, training } from './synthetic.js';

describe('weighted quantiles', () => {
  it('are plain medians with equal weights', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 }), (values) => {
        const sorted = [...values].sort((a, b) => a - b);
        expect(weightedQuantile(sorted, sorted.map(() => 1))).toBeCloseTo(median(values), 6);
      }),
    );
  });

  it('count a value as often as its weight says, and leave weight 0 out', () => {
    expect(weightedQuantile([1, 2, 3, 9], [1, 0, 5, 0])).toBe(3);
    expect(weightedQuantile([1, 2], [2, 2])).toBe(1.5);
  });
});

describe('the bootstrap over processes', () => {
  it('has standard errors that are as large as medians scatter, for correlated rows of several processes', () => {
    const noise = { group: 0, process: 0.04, row: 0.06, correlation: 0.5 };
    const errors: number[] = [];
    const told: number[] = [];
    for (let seed = 1; seed <= 150; seed++) {
      const g = syntheticGroup(inference(6), 100, seed, { noise, rows: 15 });
      const [m] = groupMedians([g], () => pooledSpread([g]), 60, seed);
      errors.push(Math.log(m.medianMs / 100));
      told.push(m.se);
    }
    const scatter = Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / errors.length);
    expect(median(told) / scatter).toBeGreaterThan(0.7);
    expect(median(told) / scatter).toBeLessThan(1.5);
  });

  it('gives the same draws for the same seed, and others for another', () => {
    const g = [syntheticGroup(inference(3), 100, 1)];
    const draws = (seed: number) => [...groupMedians(g, pooledSpread.bind(undefined, g), 20, seed)[0].draws];
    expect(draws(1)).toEqual(draws(1));
    expect(draws(1)).not.toEqual(draws(2));
  });

  it('knows that rows in sequence repeat each other', () => {
    const se = (correlation: number) => groupMedians([1, 2, 3, 4, 5, 6, 7, 8].map((s) => syntheticGroup({ ...inference(1), model: `m${s}` }, 100, s, { rows: 200, noise: { group: 0, process: 0, row: 0.1, correlation } })), () => ({ row: 0.001, process: 0, correlation: 0 }), 100, 1);
    const mean = (correlation: number) => se(correlation).reduce((sum, m) => sum + m.se, 0) / 8;
    expect(mean(0.8)).toBeGreaterThan(1.5 * mean(0));
  });
});

describe('the pooled spread', () => {
  it('tells rows, processes and their correlation apart', () => {
    const noise = { group: 0, process: 0.05, row: 0.08, correlation: 0.6 };
    const groups = Array.from({ length: 40 }, (_, i) => syntheticGroup({ ...inference(6), model: `m${i}` }, 100, i, { rows: 60, noise }));
    const spread = pooledSpread(groups);
    expect(spread.row).toBeCloseTo(0.08, 2);
    expect(spread.correlation).toBeGreaterThan(0.45);
    expect(spread.correlation).toBeLessThan(0.65);
    expect(spread.process).toBeGreaterThan(0.035);
    expect(spread.process).toBeLessThan(0.065);
  });
});

describe('stacking', () => {
  it('gives all weight to a candidate without errors', () => {
    expect(stackingWeights([[0.1, 0, 0.2], [-0.2, 0, 0.1], [0.3, 0, 0.1]], [1, 1, 1])[1]).toBeCloseTo(1, 3);
  });

  it('mixes candidates that err in opposite directions', () => {
    const [a, b] = stackingWeights([[0.1, -0.2], [0.2, -0.4]], [1, 1]);
    expect(a).toBeCloseTo(2 / 3, 4);
    expect(b).toBeCloseTo(1 / 3, 4);
  });

  it('has weights that are not negative, sum to one, and no candidate alone is better', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }), { minLength: 2, maxLength: 8 }), (errors) => {
        const w = stackingWeights(errors, errors.map(() => 1));
        expect(w.every((v) => v >= 0)).toBe(true);
        expect(w.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
        const loss = (weights: number[]) => errors.reduce((sum, e) => sum + e.reduce((s, v, i) => s + v * weights[i], 0) ** 2, 0);
        for (let i = 0; i < 3; i++) expect(loss(w)).toBeLessThanOrEqual(loss([0, 1, 2].map((j) => Number(i === j))) * (1 + 1e-6) + 1e-9);
      }),
    );
  });
});

describe('the discrepancy', () => {
  it('is what errors are larger than the groups’ own', () => {
    const near = Array.from({ length: 200 }, (_, i) => ({ error: i % 2 ? 0.05 : -0.05, se: 0.03, distance: 0 }));
    expect(discrepancyOf(near).inside).toBeCloseTo(0.04, 3);
  });

  it('is assumed, and says so, where nothing was left out', () => {
    expect(discrepancyOf([])).toMatchObject({ assumed: true, inside: 0.05 });
  });

  it('grows with the distance beyond what was measured', () => {
    const d = discrepancyOf([]);
    expect(halfWidth(d, 0, 0, 1)).toBeGreaterThan(2 * halfWidth(d, 0, 0, 0));
  });
});

describe('the nearest measured group', () => {
  const measured = [1, 2, 4].map((n) => ({ key: inference(n), logMs: n }));

  it('is the one with the fewest jobs more or less, and the mean of two that are equally near', () => {
    expect(nearestLogMs(inference(9), measured)).toBe(4);
    expect(nearestLogMs(inference(3), measured)).toBe(3);
    expect(nearestLogMs(inference(2), measured)).toBe(2);
  });

  it('is never of the other workload', () => {
    expect(nearestLogMs(training(2), measured)).toBeUndefined();
  });
});

describe('the memory line', () => {
  const group = (inferenceJobs: number, trainingJobs: number, mib: number, phase = 'steady'): ObservedGroup => ({ workload: 'inference', model: 'a', phase, inferenceJobs, trainingJobs, name: `${inferenceJobs}+${trainingJobs} ${phase}`, n: 3, meanMs: 1, clusters: [], readings: {}, memory: [{ mib: mib - 400, rows: 1 }, { mib, rows: 2 }] });

  it('finds what is fixed and what a process takes, and how many fit', () => {
    const line = memoryLine([group(1, 0, 2300), group(2, 0, 3300), group(4, 0, 5300), group(1, 1, 4300), group(2, 1, 5300)], 8000)!;
    expect(line).toMatchObject({ fixedMiB: 1300, perInferenceMiB: 1000, perTrainingMiB: 2000, maxInferenceJobs: 6, maxTrainingJobs: 3 });
    expect(line.worstPercent).toBeCloseTo(0, 6);
  });

  it('leaves room for the peak of a load', () => {
    const groups = [group(1, 0, 2300), group(2, 0, 3300), { ...group(1, 0, 0, 'loading'), memory: [{ mib: 3900, rows: 1 }] }];
    expect(memoryLine(groups, 8000)).toMatchObject({ loadingPeakMiB: 600, maxInferenceJobs: 6 });
    expect(memoryLine(groups, 7400)).toMatchObject({ maxInferenceJobs: 5 });
  });

  it('is not there without two different numbers of jobs', () => {
    expect(memoryLine([group(2, 0, 3300)])).toBeUndefined();
    expect(memoryLine([])).toBeUndefined();
  });
});

it('sorted rows stand for all rows where only some were kept', () => {
  const g = syntheticGroup(inference(2), 100, 1, { rows: 8 });
  const thinned = { ...g, clusters: [{ ...g.clusters[0], n: 800 }, g.clusters[1]] };
  const { rows } = sortedRows(thinned);
  expect(rows.reduce((a, b) => a + b, 0)).toBeCloseTo(808, 6);
});

describe('the interval score', () => {
  it('is the width where the interval holds, and twenty to forty times the distance more where it does not', () => {
    expect(intervalScore(5, [4, 7])).toBe(3);
    expect(intervalScore(8, [4, 7])).toBeCloseTo(3 + 40, 9);
    expect(intervalScore(3.5, [4, 7], 0.9)).toBeCloseTo(3 + 10, 9);
  });

  it('is least, on average, for the interval that is true', () => {
    const draw = stream(5, 'score');
    const values = Array.from({ length: 4000 }, () => normal(draw));
    const mean = (half: number): number => values.reduce((sum, v) => sum + intervalScore(v, [-half, half]), 0) / values.length;
    expect(mean(1.96)).toBeLessThan(mean(1.2));
    expect(mean(1.96)).toBeLessThan(mean(3));
  });
});

describe('the memory line where batches differ', () => {
  const truth = (k: number, b: number, t: number, tb: number): number => 900 + k * (500 + 4 * b) + t * (1500 + 30 * tb);
  const group = (k: number, b: number, t: number, tb: number): ObservedGroup => ({
    workload: k > 0 ? 'inference' : 'training',
    model: 'a',
    ...(k > 0 ? { batch: b, trainingBatch: t > 0 ? tb : undefined } : { batch: tb }),
    inferenceJobs: k,
    trainingJobs: t,
    name: [k, b, t, tb].join(),
    n: 3,
    meanMs: 1,
    clusters: [],
    readings: {},
    memory: [{ mib: truth(k, b, t, tb), rows: 3 }],
  });
  const groups = [group(1, 1, 0, 0), group(2, 1, 0, 0), group(4, 1, 0, 0), group(1, 8, 0, 0), group(2, 16, 0, 0), group(1, 1, 1, 16), group(1, 1, 1, 32), group(2, 1, 1, 16), group(2, 1, 1, 64)];

  it('tells what an item takes from what a process takes', () => {
    const line = memoryLine(groups, 8000)!;
    expect([line.fixedMiB, line.perInferenceMiB, line.perInferenceItemMiB, line.perTrainingMiB, line.perTrainingItemMiB].map((v) => v!.toFixed(6))).toEqual([900, 504, 4, 1500 + 30 * 16, 30].map((v) => v.toFixed(6)));
    expect(line.worstPercent).toBeLessThan(1e-6);
  });

  it('draws the frontier of the training batch: the largest one fits, one item more does not', () => {
    const frontier = memoryLine(groups, 8000)!.trainingBatchFrontier!;
    expect(frontier).toHaveLength(Math.floor((8000 - 900) / 504) + 1);
    frontier.forEach((batch, k) => {
      if (batch > 0) expect(truth(k, 1, 1, batch)).toBeLessThanOrEqual(8000);
      expect(truth(k, 1, 1, batch + 1)).toBeGreaterThan(8000);
    });
  });

  it('has no frontier where one training batch was measured, or no capacity is told', () => {
    expect(memoryLine(groups.filter((g) => g.trainingBatch !== 32 && g.trainingBatch !== 64), 8000)).not.toHaveProperty('trainingBatchFrontier');
    expect(memoryLine(groups)).not.toHaveProperty('trainingBatchFrontier');
  });
});
