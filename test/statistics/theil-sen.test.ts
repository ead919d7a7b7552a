import { expect, test } from 'vitest';
import { theilSen } from '../../src/statistics/theil-sen.js';

test('a line has its slope, and a wild point does not move it', () => {
  const x = [0, 1, 2, 3, 4, 5, 6];
  expect(theilSen(x, x.map((v) => 3 - 2 * v))).toBeCloseTo(-2, 12);
  expect(theilSen(x, x.map((v) => (v === 4 ? 1000 : 3 - 2 * v)))).toBeCloseTo(-2, 12);
});

test('no two different x have no slope; lists belong together', () => {
  expect(theilSen([1, 1], [0, 5])).toBe(0);
  expect(() => theilSen([1], [1, 2])).toThrow(RangeError);
});
