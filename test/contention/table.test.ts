import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import table from '../../src/contention/models/table.js';
import { classesOf, slowdownsOf, UNTOUCHED } from './slowdowns-of.js';

const parameters = {
  model: 'table' as const,
  inference: { jobs: [1, 2, 4], slowdown: [1, 1.5, 3] },
  inference_beside_training: { big: 2 },
  training: { big: { jobs: [0, 1, 2], slowdown: [1, 0.9, 1.2] } },
  beside_loading: 1.25,
};
const classes = classesOf('inference:a', 'inference:b', 'training:big', 'loading:a');
const bound = table.bind(parameters, classes);

describe('the table of slowdowns', () => {
  it('counts inferences of all models together', () => {
    expect(slowdownsOf(bound, 2, 0, 0, 0).slowdown[0]).toBe(1.5);
    expect(slowdownsOf(bound, 1, 1, 0, 0)).toEqual({ slowdown: [1.5, 1.5, UNTOUCHED, UNTOUCHED], outside: undefined });
    expect(slowdownsOf(bound, 3, 1, 0, 0).slowdown).toEqual([3, 3, UNTOUCHED, UNTOUCHED]);
  });

  it('interpolates what was not measured between its neighbours', () => {
    const { slowdown, outside } = slowdownsOf(bound, 3, 0, 0, 0);
    expect(outside).toBeUndefined();
    expect(slowdown[0]).toBeGreaterThan(1.5);
    expect(slowdown[0]).toBeLessThan(3);
  });

  it('multiplies the factor of the training job onto inference, and has a curve of its own for training', () => {
    expect(slowdownsOf(bound, 1, 0, 1, 0)).toEqual({ slowdown: [2, UNTOUCHED, 0.9, UNTOUCHED], outside: undefined });
    expect(slowdownsOf(bound, 1, 1, 1, 0)).toEqual({ slowdown: [3, 3, 1.2, UNTOUCHED], outside: undefined });
    expect(slowdownsOf(bound, 0, 0, 1, 0)).toEqual({ slowdown: [UNTOUCHED, UNTOUCHED, 1, UNTOUCHED], outside: undefined });
  });

  it('multiplies once for each neighbour that is loading; loading itself keeps its speed and is no active inference', () => {
    expect(slowdownsOf(bound, 1, 0, 1, 2).slowdown).toEqual([2 * 1.25 * 1.25, UNTOUCHED, 0.9 * 1.25 * 1.25, 1]);
  });

  it.each([
    [[5, 0, 0, 0], '5 inferences at once, measured up to 4'],
    [[2, 1, 1, 0], '3 inferences beside retraining big, measured up to 2'],
    [[0, 0, 2, 0], '2 retraining jobs at once, measured 1'],
  ])('says what of %j lies outside', (counts, outside) => {
    expect(slowdownsOf(bound, ...counts).outside).toBe(outside);
  });

  it('says so when the retraining model is unknown', () => {
    const unknown = table.bind(parameters, classesOf('inference:a', 'training:other'));
    expect(slowdownsOf(unknown, 1, 1).outside).toBe('retraining other was not measured');
    expect(slowdownsOf(unknown, 1, 0).outside).toBeUndefined();
    const noCurve = table.bind({ ...parameters, training: {} }, classesOf('inference:a', 'training:big'));
    expect(slowdownsOf(noCurve, 1, 1)).toEqual({ slowdown: [2, 1], outside: 'retraining big was not measured' });
  });

  it('slows a worker that is being loaded along its own curve', () => {
    const slow = table.bind({ ...parameters, loading: { jobs: [0, 2], slowdown: [1, 3] } }, classesOf('inference:a', 'loading:any'));
    expect(slowdownsOf(slow, 0, 1).slowdown[1]).toBe(1);
    expect(slowdownsOf(slow, 1, 1).slowdown[1]).toBeCloseTo(2, 12);
    expect(slowdownsOf(slow, 2, 1).slowdown[1]).toBe(3);
  });

  it('stays positive however far a falling curve is continued', () => {
    const falling = table.bind({ model: 'table', inference: { jobs: [1, 2], slowdown: [1, 0.5] } }, classesOf('inference:a'));
    expect(slowdownsOf(falling, 40).slowdown).toEqual([0.5]);
    expect(slowdownsOf(bound, 6, 0, 0, 0).slowdown[0]).toBeCloseTo(4.5, 12);
  });

  it('keeps each slowdown between those of the measured neighbours', () => {
    const slowdowns = fc.array(fc.double({ min: 0.2, max: 20, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(slowdowns, fc.integer({ min: 1, max: 9 }), (y, n) => {
        const jobs = [1, 4, 9];
        const random = table.bind({ model: 'table', inference: { jobs, slowdown: y } }, classesOf('inference:a'));
        const i = n < 4 ? 0 : 1;
        const { slowdown, outside } = slowdownsOf(random, n);
        expect(outside).toBeUndefined();
        expect(slowdown[0]).toBeGreaterThanOrEqual(Math.min(y[i], y[i + 1]) - 1e-9);
        expect(slowdown[0]).toBeLessThanOrEqual(Math.max(y[i], y[i + 1]) + 1e-9);
      }),
    );
  });
});
