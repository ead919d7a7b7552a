import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { monotoneInterpolation } from '../../src/contention/monotone.js';

/** Points with ascending integer x and any positive y. */
const points = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.double({ min: 0.01, max: 100, noNaN: true })), {
    minLength: 1,
    maxLength: 8,
    selector: ([x]) => x,
  })
  .map((list) => list.sort((a, b) => a[0] - b[0]))
  .map((list) => ({ x: list.map((p) => p[0]), y: list.map((p) => p[1]) }));

describe('monotone interpolation', () => {
  it('goes through its points', () => {
    fc.assert(
      fc.property(points, ({ x, y }) => {
        const at = monotoneInterpolation(x, y);
        x.forEach((xi, i) => expect(at(xi)).toBeCloseTo(y[i], 9));
      }),
    );
  });

  it('never leaves the interval of the two neighbouring points', () => {
    fc.assert(
      fc.property(points, fc.double({ min: 0, max: 1, noNaN: true }), ({ x, y }, t) => {
        const at = monotoneInterpolation(x, y);
        for (let i = 0; i + 1 < x.length; i++) {
          const value = at(x[i] + t * (x[i + 1] - x[i]));
          expect(value).toBeGreaterThanOrEqual(Math.min(y[i], y[i + 1]) - 1e-9);
          expect(value).toBeLessThanOrEqual(Math.max(y[i], y[i + 1]) + 1e-9);
        }
      }),
    );
  });

  it('rises wherever the points rise', () => {
    fc.assert(
      fc.property(points, ({ x, y }) => {
        const rising = [...y].sort((a, b) => a - b);
        const at = monotoneInterpolation(x, rising);
        let before = -Infinity;
        for (let i = 0; i <= 200; i++) {
          const value = at(x[0] + (i / 200) * (x[x.length - 1] - x[0]));
          expect(value).toBeGreaterThanOrEqual(before - 1e-9);
          before = value;
        }
      }),
    );
  });

  it('is exact on a straight line, and between published epoch ratios lies where a chord and a smooth curve say', () => {
    const line = monotoneInterpolation([0, 1, 4], [1, 3, 9]);
    for (const x of [0.25, 1.5, 3.9]) expect(line(x)).toBeCloseTo(1 + 2 * x, 12);
    const resnet50 = monotoneInterpolation([0, 1, 2, 4], [226, 245, 264, 412]);
    expect(resnet50(3)).toBeGreaterThan(264);
    expect(resnet50(3)).toBeLessThan((264 + 412) / 2);
  });

  it('stays before the first point and goes on along the last chord after the last', () => {
    const at = monotoneInterpolation([1, 2, 4], [10, 11, 15]);
    expect(at(0)).toBe(10);
    expect(at(-3)).toBe(10);
    expect(at(6)).toBe(19);
    expect(monotoneInterpolation([3], [7])(99)).toBe(7);
  });

  it.each([
    [[1, 2], [1], 'as many x'],
    [[], [], 'at least one'],
    [[1, 1], [1, 2], '1 is followed by 1'],
    [[2, 1], [1, 2], '2 is followed by 1'],
    [[1, NaN], [1, 2], 'must ascend'],
  ])('refuses x %j with y %j', (x, y, message) => {
    expect(() => monotoneInterpolation(x, y)).toThrow(RangeError);
    expect(() => monotoneInterpolation(x, y)).toThrow(message);
  });
});
