import { InputError } from '../../input/error.js';
import { stream, type Seed } from '../../random/stream.js';
import type { Loader } from './loader.js';

/** Whether an image is held out: follows from the seed and its name, or its position where it has none. */
export const isHeldOut = (share: number, seed: Seed, image: string | number): boolean => stream(seed, 'held out', image)() < share;

/**
 * The images of a loader that are trained with, and those that are held out. Which of the two an image is follows from the seed and
 * its name alone, so that no image that was trained with is held out later, when others have come.
 *
 * @param heldOutShare chance of an image to be held out
 * @throws InputError if one of the two would be empty
 */
export function parted(loader: Loader, heldOutShare: number, seed: Seed): { images: Loader; heldOut: Loader } {
  const indices: [number[], number[]] = [[], []];
  for (let i = 0; i < loader.labels.length; i++) indices[isHeldOut(heldOutShare, seed, loader.names?.[i] ?? i) ? 1 : 0].push(i);
  const [train, held] = indices;
  if (train.length === 0 || held.length === 0)
    throw new InputError(`of ${loader.labels.length} images ${held.length} would be held out, and ${train.length} trained with; both need some: add images, or change the share that is held out`);
  return { images: partOf(loader, train), heldOut: partOf(loader, held) };
}

/** Both parts share the loader; closing one closes it. */
function partOf(loader: Loader, indices: readonly number[]): Loader {
  const { names } = loader;
  return {
    ...loader,
    labels: Uint16Array.from(indices, (index) => loader.labels[index]),
    ...(names && { names: indices.map((index) => names[index]) }),
    load: (wanted) => loader.load(wanted.map((i) => indices[i])),
    close: () => loader.close(),
  };
}
