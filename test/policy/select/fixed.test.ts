import { expect, it } from 'vitest';
import { servedMs } from './by-hand.js';

it('takes the first variant, whatever the SLO', async () => {
  expect(await servedMs('fixed', [1, 50, 1000])).toEqual([5, 5, 5]);
});
