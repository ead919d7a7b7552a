import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitOptimus, optimusAccuracy, profiledAccuracy } from '../../../../src/policy/planners/ekya/profiler.js';
import { describeWithSharedData, sharedData } from '../../../shared-data.js';

describe('a curve of Optimus’ form', () => {
  it('is found again from its own points', () => {
    const curve = { b0: 0.8, b1: 1.5, b2: 0.1 };
    const points = [0, 1, 3, 5, 10, 20].map((epochs) => ({ epochs, accuracy: optimusAccuracy(curve, epochs) }));
    const fitted = fitOptimus(points);
    for (const { epochs, accuracy } of points) expect(optimusAccuracy(fitted, epochs)).toBeCloseTo(accuracy, 3);
    expect(optimusAccuracy(fitted, 30)).toBeCloseTo(optimusAccuracy(curve, 30), 2);
  });

  it('never falls, and never has a negative coefficient, whatever was measured', () => {
    const point = fc.record({ epochs: fc.integer({ min: 0, max: 50 }), accuracy: fc.double({ min: 0, max: 0.99, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 6 }), (points) => {
        const curve = fitOptimus(points);
        expect(Math.min(curve.b0, curve.b1, curve.b2)).toBeGreaterThanOrEqual(0);
        expect(optimusAccuracy(curve, 30)).toBeGreaterThanOrEqual(optimusAccuracy(curve, 5));
      }),
    );
  });

  it('foresees more from a better measurement', () => {
    const low = profiledAccuracy(0.2, { epochs: 5, accuracy: 0.4 }, 30);
    const high = profiledAccuracy(0.2, { epochs: 5, accuracy: 0.6 }, 30);
    expect(high).toBeGreaterThan(low);
  });
});

describeWithSharedData('162 measured runs', () => {
  it('15 and more epochs are foreseen from 5 epochs on the same data with a median error below 10 points', () => {
    const [head, ...lines] = readFileSync(sharedData('gpu-contention/retraining-configurations.csv'), 'utf8').trim().split('\n').map((line) => line.split(','));
    const runs = lines.map((line) => Object.fromEntries(head.map((name, i) => [name, line[i]])));
    const key = (run: Record<string, string>) => [run.network, run.batch_size, run.frozen_layers, run.data_fraction].join();
    const short = new Map(runs.filter((run) => run.epochs === '5').map((run) => [key(run), Number(run.first_task_test_accuracy)]));
    const errors = runs
      .filter((run) => run.epochs !== '5')
      .map((run) => Math.abs(profiledAccuracy(0.159, { epochs: 5, accuracy: short.get(key(run))! }, Number(run.epochs), 50) - Number(run.first_task_test_accuracy)))
      .sort((a, b) => a - b);
    expect(errors.length).toBeGreaterThan(80);
    expect(errors[Math.floor(errors.length / 2)]).toBeLessThan(0.1);
  });
});
