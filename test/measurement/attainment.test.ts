import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AttainmentOverTime } from '../../src/measurement/attainment.js';

/** Requests second by second: how many had an SLO, and how many of them were in time. */
function longest(seconds: readonly (readonly [withSlo: number, inSlo: number])[], fromS = 0): number {
  const over = new AttainmentOverTime();
  seconds.forEach(([withSlo, inSlo], s) => {
    for (let i = 0; i < withSlo; i++) over.add((fromS + s) * 1000 + i, i < inSlo);
  });
  return over.longestDisturbanceS();
}

describe('the longest disturbance', () => {
  it('is 0 where at least nine in ten are in time, always', () => {
    expect(longest([[10, 10], [10, 9], [0, 0], [10, 9]])).toBe(0);
  });

  it('lasts from the first disturbed second to the last one before it is over', () => {
    expect(longest([[10, 10], [10, 8], [10, 0], [10, 5], [10, 10], [10, 8]])).toBe(3);
  });

  it('goes on through seconds in which nobody asked, and not beyond the last one who did', () => {
    expect(longest([[10, 0], [0, 0], [0, 0], [10, 0], [0, 0], [0, 0]])).toBe(4);
  });

  it('is the longest of several', () => {
    expect(longest([[1, 0], [1, 1], [1, 0], [1, 0], [1, 1], [1, 0]])).toBe(2);
  });

  it('is told to within two bins in runs of any length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 1, max: 40_000 }), (beforeS, lengthS) => {
        const over = new AttainmentOverTime();
        const endS = beforeS + lengthS + 50_000;
        for (let s = 0; s < endS; s += 10) over.add(s * 1000, s < beforeS || s >= beforeS + lengthS);
        let widthS = 1;
        while (widthS * 4096 * 1000 <= (endS - 1) * 1000) widthS *= 2;
        expect(Math.abs(over.longestDisturbanceS() - lengthS)).toBeLessThanOrEqual(2 * Math.max(widthS, 10));
      }),
      { numRuns: 50 },
    );
  });
});
