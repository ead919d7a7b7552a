import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holm } from '../../src/statistics/holm.js';

describe('holm', () => {
  it('agrees with R\'s p.adjust', () => {
    // p.adjust(c(0.01, 0.04, 0.03, 0.005), 'holm')
    expect(holm([0.01, 0.04, 0.03, 0.005]).map((p) => +p.toFixed(12))).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(holm([0.6, 0.5])).toEqual([1, 1]);
    expect(holm([0.02])).toEqual([0.02]);
    expect(holm([])).toEqual([]);
  });

  const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 });
  it('lies between no correction and Bonferroni, keeps the order of p-values, and moves with a permutation', () => {
    fc.assert(
      fc.property(pValues, (p) => {
        const adjusted = holm(p);
        p.forEach((value, i) => {
          expect(adjusted[i]).toBeGreaterThanOrEqual(value);
          expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, value * p.length));
          p.forEach((other, j) => value <= other && expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j]));
        });
        expect(holm(p.toReversed())).toEqual(adjusted.toReversed());
      }),
    );
  });

  it('refuses what is no probability', () => {
    for (const value of [NaN, -0.1, 1.1]) expect(() => holm([0.5, value])).toThrow(RangeError);
  });
});
