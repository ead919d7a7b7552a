import { expect, it } from 'vitest';
import { servedMs } from './by-hand.js';

it('takes the most accurate variant, whatever the SLO', async () => {
  expect(await servedMs('static-accuracy', [1, 50, 1000])).toEqual([100, 100, 100]);
});
