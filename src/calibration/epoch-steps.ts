import { median } from '../contention/fit/medians.js';
import { stepsOf, type TrainingImages } from './learning.js';
import type { Measured } from './measure/measured.js';

/**
 * How many whole steps an epoch takes as long as: its steps before the last, and of the last one, which has the images that are left, what it
 * took over a whole one. Where the images are drawn their number is known; the time of a last step that was not seen is then taken as its images.
 *
 * @param measured cells in which the job trained
 * @returns undefined if neither the images nor an end of an epoch says how many
 */
export function epochSteps(measured: readonly Measured[], images: TrainingImages | undefined, batch: number): number | undefined {
  const known = images === undefined || images.folder !== undefined ? undefined : stepsOf(images, batch);
  const seen = Math.max(0, ...measured.map(({ epochSlices = 0 }) => epochSlices));
  if (known === undefined && seen === 0) return undefined;
  const steps = known === undefined ? seen : known.whole + Math.ceil(known.rest);
  const last = measured.flatMap(({ lastSlices = [] }) => lastSlices);
  return steps - 1 + (last.length > 0 ? median(last) : known !== undefined && known.rest > 0 ? known.rest : 1);
}
