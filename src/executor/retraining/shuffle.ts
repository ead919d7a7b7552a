import { stream, type Seed } from '../../random/stream.js';

/** Where training stands: `step` steps of epoch `epoch` are done. Both count from 0. */
export interface Position {
  epoch: number;
  step: number;
}

/** The order of the images in an epoch, by Fisher and Yates. It depends on the arguments alone, so a position is all there is to save. */
export function shuffled(count: number, seed: Seed, epoch: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const draw = stream(seed, 'shuffle', epoch);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(draw() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** Steps of an epoch; the last one may have fewer images than `batch`. */
export const stepsOf = (count: number, batch: number): number => Math.ceil(count / batch);
