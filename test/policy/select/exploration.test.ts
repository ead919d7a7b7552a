import { expect, it } from 'vitest';
import { shares } from './by-hand.js';

it('takes variants in proportion to their accuracy: 0.5, 0.7, 0.9', async () => {
  const [quick, middling, slow] = await shares('exploration', 20_000);
  // Standard error below 0.0035.
  expect(Math.abs(quick - 0.5 / 2.1)).toBeLessThan(0.015);
  expect(Math.abs(middling - 0.7 / 2.1)).toBeLessThan(0.015);
  expect(Math.abs(slow - 0.9 / 2.1)).toBeLessThan(0.015);
});
