import { expect, it } from 'vitest';
import { learner, trainingOf } from './learning.js';

it('trains its epochs at each window, after a start that costs', async () => {
  const setup = learner({ policy: 'every-window', every_s: 4, epochs: 2 }, 10, { start_s: 0.5 });
  expect(await trainingOf(setup)).toEqual([[0, 2500], [4000, 6500], [8000, 10_000]]);
});

it('goes on into the next window where one is too short', async () => {
  expect(await trainingOf(learner({ policy: 'every-window', every_s: 2, epochs: 3 }, 7, {}))).toEqual([[0, 3000], [4000, 7000]]);
});
