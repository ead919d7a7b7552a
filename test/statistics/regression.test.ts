import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slope } from '../../src/statistics/regression.js';

describe('slope', () => {
  it('is that of the line through points on a line', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100, max: 100 }), fc.integer({ min: -100, max: 100 }), fc.integer({ min: 2, max: 50 }), (a, b, n) => {
        const x = Float64Array.from({ length: n }, (_, i) => 1e6 + 3 * i);
        expect(slope(x, x.map((at) => a * at + b))).toBeCloseTo(a, 6);
      }),
    );
  });

  it('agrees with Anscombe\'s first data set', () => {
    // F. J. Anscombe, Graphs in statistical analysis, Am. Statist. 27, 1973: slope 0.500.
    const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
    const y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
    expect(slope(x, y)).toBeCloseTo(0.50009, 5);
  });

  it('refuses what has no slope', () => {
    expect(() => slope([1, 2], [1])).toThrow(RangeError);
    expect(() => slope([1, 1], [1, 2])).toThrow(/two different x/);
    expect(() => slope([1], [1])).toThrow(/two different x/);
    expect(() => slope([], [])).toThrow(RangeError);
    expect(() => slope([1, NaN], [1, 2])).toThrow(RangeError);
  });
});
