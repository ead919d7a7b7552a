import type { Executor } from '../../executor/executor.js';
import { stream, type Seed } from '../../random/stream.js';

/** One image for each app, drawn at random in the size that its model takes: a byte per element. The models' times do not depend on what is in it. */
export function imagesOf({ control, models }: Executor, seed: Seed): Uint8Array[] {
  return control.system.apps.map(({ name }, app) => {
    const lane = control.laneSpecs.findIndex((spec, at) => spec.app === app && models[at] !== undefined);
    // A model that is loaded later takes what its sibling takes; without any, an answer is not to be had.
    const length = lane < 0 ? 0 : models[lane]!.input.shape.reduce((product, n) => product * n, 1);
    const draw = stream(seed, 'verify-image', name);
    return Uint8Array.from({ length }, () => Math.floor(256 * draw()));
  });
}
