import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochGrowth } from '../../src/contention/epoch-growth.js';

const resnet50 = (n: number): number => [226, 245, 264, 338, 412][n] / 226;

describe('growth of the epoch under an open stream', () => {
  it('is the slowdown itself when the number of neighbours never changes', () => {
    for (const n of [0, 1, 2, 3, 4]) {
      const shares = [0, 0, 0, 0, 0];
      shares[n] = 1;
      expect(epochGrowth(shares, resnet50)).toBeCloseTo(resnet50(n), 12);
    }
  });

  it('is the harmonic mean, worked by hand', () => {
    expect(epochGrowth([0.5, 0.5], (n) => (n === 0 ? 1 : 2))).toBeCloseTo(4 / 3, 12);
    expect(epochGrowth([0.9, 0.09, 0.01], (n) => [1, 1.1, 1.5][n])).toBeCloseTo(1 / (0.9 + 0.09 / 1.1 + 0.01 / 1.5), 12);
  });

  it('equals the time to finish one epoch of work at rates that change', () => {
    // 40 % of the time beside none, 35 % beside one, 25 % beside two, in cycles of 1 s: work done per second of wall time.
    const shares = [0.4, 0.35, 0.25];
    const work = shares.reduce((sum, p, n) => sum + p / resnet50(n), 0);
    expect(epochGrowth(shares, resnet50) * 226).toBeCloseTo(226 / work, 9);
  });

  it('lies between the least and the largest slowdown that occurs', () => {
    const weights = fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 });
    const slowdowns = fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(weights, slowdowns, (w, s) => {
        const total = w.reduce((a, b) => a + b, 0);
        const growth = epochGrowth(w.map((x) => x / total), (n) => s[n]);
        const used = s.slice(0, w.length);
        expect(growth).toBeGreaterThanOrEqual(Math.min(...used) - 1e-9);
        expect(growth).toBeLessThanOrEqual(Math.max(...used) + 1e-9);
      }),
    );
  });

  it('does not ask for slowdowns beside numbers that never occur', () => {
    expect(epochGrowth([1, 0], (n) => (n === 0 ? 1 : NaN))).toBe(1);
  });

  it.each([
    [[0.5, 0.4], 'sum to 0.9'],
    [[], 'sum to 0'],
    [[1.5, -0.5], '-0.5'],
    [[NaN, 1], 'NaN'],
  ])('refuses the shares %j', (shares, message) => {
    expect(() => epochGrowth(shares, () => 1)).toThrow(RangeError);
    expect(() => epochGrowth(shares, () => 1)).toThrow(message);
  });

  it('refuses a slowdown that is not positive', () => {
    expect(() => epochGrowth([1], () => 0)).toThrow('must be above 0');
  });
});
