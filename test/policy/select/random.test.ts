import { expect, it } from 'vitest';
import { shares } from './by-hand.js';

it('takes each variant equally often', async () => {
  for (const share of await shares('random', 6000)) expect(share).toBeCloseTo(1 / 3, 1);
});
