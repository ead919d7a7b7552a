import { describe, expect, it } from 'vitest';
import gpulet from '../../src/contention/models/gpulet.js';
import { classesOf, slowdownsOf } from './slowdowns-of.js';

// The published regression of the RTX 2080 Ti, and published utilisations at batch 32.
const coefficients = { own_l2: 0.112908, neighbour_l2: 0.71596, own_dram: 0.354866, neighbour_dram: 0.088204, constant: 0.895369 };
const utilisation = {
  'inference:resnet50': { l2: 0.282, dram: 0.623 },
  'inference:lenet': { l2: 0.07, dram: 0.254 },
  'inference:vgg16': { l2: 0.302, dram: 0.612, share: 0.5 },
};
const parameters = { model: 'gpulet' as const, coefficients, utilisation };
const bound = gpulet.bind(parameters, classesOf('inference:resnet50', 'inference:lenet', 'inference:vgg16', 'training:big', 'loading:any'));

describe('gpulet', () => {
  it('by hand: ResNet-50 beside LeNet, and the other way round', () => {
    const { slowdown, outside } = slowdownsOf(bound, 1, 1, 0, 0, 0);
    expect(slowdown[0]).toBeCloseTo(0.112908 * 0.282 + 0.71596 * 0.07 + 0.354866 * 0.623 + 0.088204 * 0.254 + 0.895369, 12);
    expect(slowdown[1]).toBeCloseTo(0.112908 * 0.07 + 0.71596 * 0.282 + 0.354866 * 0.254 + 0.088204 * 0.623 + 0.895369, 12);
    expect(outside).toBeUndefined();
  });

  it('utilisations are scaled by the share', () => {
    const { slowdown } = slowdownsOf(bound, 1, 0, 1, 0, 0);
    expect(slowdown[0]).toBeCloseTo(0.112908 * 0.282 + 0.71596 * 0.151 + 0.354866 * 0.623 + 0.088204 * 0.306 + 0.895369, 12);
  });

  it('of several neighbours the worst counts, and the regression is of pairs', () => {
    const worst = slowdownsOf(bound, 1, 0, 1, 0, 0).slowdown[0];
    const both = slowdownsOf(bound, 1, 1, 1, 0, 0);
    expect(both.slowdown[0]).toBe(worst);
    expect(both.outside).toBe('3 processes at once, the regression is of pairs');
  });

  it('a copy of itself is a neighbour', () => {
    expect(slowdownsOf(bound, 2, 0, 0, 0, 0).slowdown[0]).toBeCloseTo(0.828868 * 0.282 + 0.44307 * 0.623 + 0.895369, 12);
  });

  it('is never below 1, which the published regression of the RTX 3080 would be', () => {
    const rtx3080 = { own_l2: -0.179887, neighbour_l2: 0.038409, own_dram: 0.125518, neighbour_dram: -0.056482, constant: 1.018427 };
    const other = gpulet.bind({ ...parameters, coefficients: rtx3080, utilisation: { 'inference:a': { l2: 0.9, dram: 0.1 }, 'inference:b': { l2: 0, dram: 1 } } }, classesOf('inference:a', 'inference:b'));
    const raw = -0.179887 * 0.9 + 0.125518 * 0.1 - 0.056482 + 1.018427;
    expect(raw).toBeLessThan(1);
    expect(slowdownsOf(other, 1, 1).slowdown[0]).toBe(1);
  });

  it('says so when a class was not measured, unless it is alone', () => {
    expect(slowdownsOf(bound, 1, 0, 0, 1, 0).outside).toBe('the utilisation of training:big was not measured');
    expect(slowdownsOf(bound, 0, 0, 0, 1, 0).outside).toBeUndefined();
    expect(slowdownsOf(bound, 1, 0, 0, 0, 1)).toMatchObject({ outside: undefined });
  });
});
