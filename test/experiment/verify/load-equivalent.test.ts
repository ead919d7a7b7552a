import { describe, expect, it } from 'vitest';
import { loadEquivalent } from '../../../src/experiment/verify/load-equivalent.js';

/** P95 of the time in an M/M/1 queue, in ms: ln 20 / (μ − λ). */
const mm1 = (perSecond: number, served = 100): number => (1000 * Math.log(20)) / (served - perSecond);
const at = (rate: number) => (factor: number) => Promise.resolve(factor * rate < 100 ? mm1(factor * rate) : Infinity);

describe('the load-equivalent error of an M/M/1 queue', () => {
  it.each([
    [80, 84, 5],
    [80, 76, -5],
    [80, 80.4, 0.5],
    [90, 99, 10],
    [60, 30.6, -49],
  ])('predicted at %d per second and really at %d is %d percent', async (predicted, real, error) => {
    expect((await loadEquivalent(mm1(real), at(predicted))).error_percent).toBeCloseTo(error, 1);
  });

  it('is 0 where the prediction is exact', async () => {
    expect(await loadEquivalent(mm1(80), at(80))).toEqual({ error_percent: 0 });
  });

  it('says that there is none where no load within 50 percent will do', async () => {
    expect(await loadEquivalent(mm1(80), at(20))).toEqual({ reason: 'no load within ± 50 % has this P95' });
    expect(await loadEquivalent(1, at(80))).toEqual({ reason: 'no load within ± 50 % has this P95' });
  });

  it('says from which load on nothing is predicted', async () => {
    const upTo = (most: number) => (factor: number) => (factor <= most ? at(80)(factor) : Promise.resolve(undefined));
    expect(await loadEquivalent(mm1(92), upTo(1.05))).toEqual({ reason: 'at 108 % of the load nothing is predicted' });
    expect(await loadEquivalent(mm1(92), upTo(0.5))).toEqual({ reason: 'nothing is predicted' });
    expect((await loadEquivalent(mm1(83), upTo(1.05))).error_percent).toBeCloseTo(3.75, 1);
  });

  it('asks for few simulations', async () => {
    let asked = 0;
    await loadEquivalent(mm1(84), (factor) => (asked++, at(80)(factor)));
    expect(asked).toBeLessThan(15);
  });
});
