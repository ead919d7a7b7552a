import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '../../src/random/stream.js';
import { pairedDifference } from '../../src/statistics/paired.js';
import { normalMeans } from './replications.js';

describe('pairedDifference', () => {
  it('reproduces Student\'s sleep data', () => {
    // Student, The probable error of a mean, Biometrika 6, 1908, in R's `sleep`: t = -4.0621, df = 9, p = 0.002833, ci -2.4598858 … -0.7001142.
    const drug1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    const drug2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    const difference = pairedDifference(drug1, drug2);
    expect(difference.mean).toBeCloseTo(-1.58, 12);
    expect(difference.ci95[0]).toBeCloseTo(-2.4598858, 6);
    expect(difference.ci95[1]).toBeCloseTo(-0.7001142, 6);
    expect(difference.pValue).toBeCloseTo(0.002833, 6);
    expect(difference.pABetter('lower')).toBeCloseTo(1 - 0.002833 / 2, 6);
    expect(difference.pABetter('higher')).toBeCloseTo(0.002833 / 2, 6);
  });

  const replications = fc.array(fc.tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: -1e6, max: 1e6, noNaN: true })), {
    minLength: 1,
    maxLength: 30,
  });
  it('is antisymmetric, and its parts agree with one another', () => {
    fc.assert(
      fc.property(replications, (pairs) => {
        const a = pairs.map(([x]) => x);
        const b = pairs.map(([, y]) => y);
        const ab = pairedDifference(a, b);
        const ba = pairedDifference(Float64Array.from(b), Float64Array.from(a));
        expect(ab.mean).toBeCloseTo(-ba.mean, 5);
        expect(ab.pValue).toBeCloseTo(ba.pValue, 9);
        for (const better of ['lower', 'higher'] as const) {
          const p = ab.pABetter(better);
          expect(p).toBeGreaterThanOrEqual(0);
          expect(p).toBeLessThanOrEqual(1);
          expect(p + ba.pABetter(better)).toBeCloseTo(1, 9);
        }
        expect(ab.pABetter('lower') + ab.pABetter('higher')).toBeCloseTo(1, 9);
        expect(ab.pValue).toBeGreaterThanOrEqual(0);
        expect(ab.pValue).toBeLessThanOrEqual(1);
        if (Math.abs(ab.pValue - 0.05) > 1e-9) expect(ab.ci95[0] > 0 || ab.ci95[1] < 0).toBe(ab.pValue < 0.05);
      }),
    );
  });

  it('is certain without variance', () => {
    const same = pairedDifference([1, 2, 3], [1, 2, 3]);
    expect([same.mean, same.ci95, same.pValue, same.pABetter('lower'), same.pABetter('higher')]).toEqual([0, [0, 0], 1, 0.5, 0.5]);
    const less = pairedDifference([1, 2, 3], [2, 3, 4]);
    expect([less.mean, less.ci95, less.pValue, less.pABetter('lower'), less.pABetter('higher')]).toEqual([-1, [-1, -1], 0, 1, 0]);
    const more = pairedDifference([2, 3, 4], [1, 2, 3]);
    expect([more.pABetter('lower'), more.pABetter('higher')]).toEqual([0, 1]);
  });

  it('knows nothing after one replication', () => {
    const one = pairedDifference([1], [9]);
    expect([one.mean, one.ci95, one.pValue, one.pABetter('lower')]).toEqual([-8, [-Infinity, Infinity], 1, 0.5]);
  });

  it('has no NaN at the edges of what a float can hold', () => {
    for (const [a, b] of [[[0, 1e-320], [0, 0]], [[1e200, -1e200], [0, 1]], [[1e-300, 2e-300], [0, 0]]]) {
      const { mean, ci95, pValue, pABetter } = pairedDifference(a, b);
      for (const number of [mean, ...ci95, pValue, pABetter('lower'), pABetter('higher')]) expect(number).not.toBeNaN();
    }
  });

  it('rejects a true null hypothesis in 5 % of the cases', () => {
    const random = stream(1, 'null');
    const trials = 5000;
    let rejected = 0;
    for (let trial = 0; trial < trials; trial++) {
      const a = Array.from({ length: 20 }, () => normalMeans.draw(random));
      const b = Array.from({ length: 20 }, () => normalMeans.draw(random));
      if (pairedDifference(a, b).pValue < 0.05) rejected++;
    }
    expect(Math.abs(rejected / trials - 0.05)).toBeLessThan(0.01);
  });

  it('refuses what is not paired', () => {
    expect(() => pairedDifference([1, 2], [1])).toThrow(/as many values of a \(2\) as of b \(1\)/);
    expect(() => pairedDifference([], [])).toThrow(RangeError);
    expect(() => pairedDifference([1, NaN], [1, 2])).toThrow(RangeError);
  });
});
