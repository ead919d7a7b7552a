import { describe, expect, it } from 'vitest';
import resources from '../../src/contention/models/resources.js';
import { classesOf, slowdownsOf } from './slowdowns-of.js';

const parameters = {
  model: 'resources' as const,
  resources: { accelerator: 1, memory_bandwidth: 1 },
  clock: { resource: 'accelerator', load: [0.1, 0.9], factor: [1, 1.5] },
  classes: {
    'inference:*': { demand: { accelerator: 0.3, memory_bandwidth: 0.2 } },
    'inference:light': { demand: { accelerator: 0.1 } },
    'training:big': { demand: { accelerator: 0.5, memory_bandwidth: 0.6 }, pipeline: { loader: 1, accelerator: 0.5 } },
  },
  measured: { inference_jobs: 4, training_jobs: 1 },
};
const bound = resources.bind(parameters, classesOf('inference:any', 'inference:light', 'training:big', 'training:other', 'loading:any'));

describe('resources', () => {
  it('slowdowns are inverse rates: the full memory bandwidth holds back those that need it', () => {
    // 3 × 0.2 + 0.6 = 1.2 of a bandwidth of 1: the two kinds that use it run at 1 / 1.2, and the light one does not wait for it.
    const { slowdown, outside } = slowdownsOf(bound, 3, 1, 1, 0, 0);
    expect(slowdown[0]).toBeCloseTo(1.2, 9);
    expect(slowdown[2]).toBeCloseTo(1.2, 9);
    expect(slowdown[1]).toBeLessThan(1);
    expect(outside).toBeUndefined();
  });

  it('is exactly 1 for whoever is alone', () => {
    for (let i = 0; i < 4; i++) expect(slowdownsOf(bound, ...[0, 1, 2, 3, 4].map((j) => Number(i === j))).slowdown[i]).toBe(1);
  });

  it.each([
    [[5, 0, 0, 0, 0], '5 inferences at once, measured up to 4'],
    [[1, 0, 2, 0, 0], '2 retraining jobs at once, measured up to 1'],
    [[1, 0, 0, 1, 0], 'training:other was not measured'],
    [[1, 0, 1, 0, 3], undefined],
  ])('says what of %j lies outside', (counts, outside) => {
    expect(slowdownsOf(bound, ...counts).outside).toBe(outside);
  });

  it('says so when more is held than there is', () => {
    const holding = resources.bind(
      { ...parameters, classes: { 'inference:*': { demand: {}, held: { accelerator: 0.5 } }, 'training:big': { demand: { accelerator: 0.5 } } } },
      classesOf('inference:any', 'training:big'),
    );
    const { slowdown, outside } = slowdownsOf(holding, 3, 1);
    expect(outside).toBe('what processes hold of accelerator is more than there is');
    expect(slowdown[1]).toBeGreaterThan(10);
  });
});
