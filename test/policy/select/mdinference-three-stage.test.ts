import { expect, it } from 'vitest';
import { servedMs, shares, variants } from './by-hand.js';

it('chooses as mdinference does where no other variant takes about as long', async () => {
  const network = { up: { fixed_ms: 40 } };
  expect(await servedMs('mdinference-three-stage', [85, 100, 100.5, 180, 180.5], { network })).toEqual([5, 5, 20, 20, 100]);
});

it('shares the requests with a variant that takes as long, in proportion to accuracy where the slack is the same', async () => {
  const profile = { ...variants, models: { ...variants.models, pathos: { solo_ms: 100, accuracy: 0.5 } } };
  const stage = [{ model: 'quick', variants: ['quick', 'middling', 'slow', 'pathos'].map((model) => ({ model })) }];
  const [quick, middling, slow, pathos] = await shares({ policy: 'mdinference-three-stage', times: 'profile' }, 20_000, profile, stage);
  expect([quick, middling]).toEqual([0, 0]);
  expect(Math.abs(slow - 0.9 / 1.4)).toBeLessThan(0.015);
  expect(slow + pathos).toBeCloseTo(1, 9);
});
