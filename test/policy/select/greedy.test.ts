import { expect, it } from 'vitest';
import { servedMs } from './by-hand.js';

it('takes the most accurate variant whose mean is below the SLO, and the fastest if none is', async () => {
  expect(await servedMs('greedy', [3, 6, 20, 21, 100, 101])).toEqual([5, 5, 5, 20, 20, 100]);
});

it('does not look at the network', async () => {
  expect(await servedMs('greedy', [101], { network: { up: { fixed_ms: 90 }, down: { fixed_ms: 90 } } })).toEqual([100]);
});
