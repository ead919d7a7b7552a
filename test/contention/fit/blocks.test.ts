import { expect, test } from 'vitest';
import { blockMeans } from '../../../src/contention/fit/blocks.js';
import { median } from '../../../src/contention/fit/medians.js';

test('blocks are as long as was asked for, a longer row is one by itself, and a short rest is left out', () => {
  expect(blockMeans([1, 2, 3, 4, 5, 1], 6)).toEqual([2, 4.5]);
  expect(blockMeans([7, 8], 6)).toEqual([7, 8]);
  expect(blockMeans([1, 2], 6)).toEqual([1.5]);
  expect(blockMeans([], 6)).toEqual([]);
});

test('where three processes take turns on two processors, the median of rows does not see it and that of blocks does', () => {
  // Rows of 3 ms; after each 12 ms of work a process waits 6 ms for its turn: it gets two thirds of the time.
  const rows = Array.from({ length: 400 }, (_, i) => (i % 4 === 3 ? 9 : 3));
  expect(median(rows)).toBe(3);
  expect(Math.abs(median(blockMeans(rows, 100)) - 4.5)).toBeLessThan(0.1);
});
