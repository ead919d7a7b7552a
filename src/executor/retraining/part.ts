import { InputError } from '../../input/error.js';
import type { Seed } from '../../random/stream.js';
import type { Loader } from './loader.js';
import { shuffled } from './shuffle.js';

/** The images of a loader that are trained with, and those that are held out: drawn from the seed, and the same ones each time. */
export function parted(loader: Loader, heldOutShare: number, seed: Seed): { images: Loader; heldOut: Loader } {
  const count = loader.labels.length;
  const held = Math.max(1, Math.round(count * heldOutShare));
  if (held >= count) throw new InputError(`there are ${count} images, of which ${held} would be held out, and none is left to train with; add images, or hold out a smaller share`);
  // In the order in which they lie, so that neighbours in a file are read as neighbours.
  const order = shuffled(count, `${seed} held out`, 0);
  return { images: partOf(loader, order.slice(held).sort()), heldOut: partOf(loader, order.slice(0, held).sort()) };
}

/** Both parts share the loader; closing one closes it. */
function partOf(loader: Loader, indices: Uint32Array): Loader {
  return {
    ...loader,
    labels: Uint16Array.from(indices, (index) => loader.labels[index]),
    load: (wanted) => loader.load(wanted.map((i) => indices[i])),
    close: () => loader.close(),
  };
}
