import { expect, it } from 'vitest';
import { epochSteps } from '../../src/calibration/epoch-steps.js';
import { stepsOf } from '../../src/calibration/learning.js';
import type { Measured } from '../../src/calibration/measure/measured.js';
import { parted } from '../../src/executor/retraining/part.js';
import type { Loader } from '../../src/executor/retraining/loader.js';

const measured = (more: Partial<Measured>): Measured => ({ series: [], warmUpMs: 0, steady: true, device: {}, ...more });

it('counts the images that are really trained with, which chance decides image by image', () => {
  for (const count of [50, 80, 1000]) {
    const { images } = parted({ labels: new Uint16Array(count) } as Loader, 0.2, 1);
    const { whole, rest } = stepsOf({ count }, 16);
    expect(16 * (whole + rest)).toBe(images.labels.length);
  }
});

it('an epoch takes its whole steps and what the last one took', () => {
  // Of 50 images 39 are trained with: 16, 16 and 7.
  expect(epochSteps([measured({ epochSlices: 3, lastSlices: [0.5, 0.46, 0.4] })], { count: 50 }, 16)).toBeCloseTo(2.46, 9);
  expect(epochSteps([measured({})], { count: 50 }, 16)).toBeCloseTo(2 + 7 / 16, 9);
});

it('learns from the ends of epochs how many steps there are, where nobody says', () => {
  expect(epochSteps([measured({ epochSlices: 4, lastSlices: [1] }), measured({ epochSlices: 12, lastSlices: [0.5] })], undefined, 16)).toBe(11.75);
  expect(epochSteps([measured({ epochSlices: 5 })], { folder: 'photos', count: 0 }, 16)).toBe(5);
  expect(epochSteps([measured({})], undefined, 16)).toBeUndefined();
});
