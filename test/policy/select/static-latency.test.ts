import { expect, it } from 'vitest';
import { servedMs } from './by-hand.js';

it('takes the fastest variant, wherever it is in the list', async () => {
  expect(await servedMs('static-latency', [1, 50, 1000])).toEqual([5, 5, 5]);
});
