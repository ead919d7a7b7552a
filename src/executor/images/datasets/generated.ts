import { normalQuantile } from '../../../random/normal.js';
import { stream } from '../../../random/stream.js';
import { GeneratedImages } from '../../../scenario/training-images.js';
import { drawBlobs, paint, seen, turnOf } from '../blobs.js';
import { defineDataset, floatsOf } from '../dataset.js';

/** Weight of each class relative to its share without drift; the middle one of an odd number keeps it. */
export function classWeights(classes: number, shift: number): number[] {
  return Array.from({ length: classes }, (_, k) => (2 * k + 1 === classes ? 1 : 2 * k < classes ? 1 - shift : 1 + shift));
}

export default defineDataset({
  name: 'generated',
  about: 'Small images of soft spots, drawn from a seed, with drift in brightness, blur, rotation, noise and the mix of classes.',
  options: GeneratedImages,
  async open({ count, first = 0, classes = 10, side = 32, channels = 3, variation = 0.3, seed = 1, drift: { brightness = 0, blur = 0, rotation_degrees = 0, noise = 0, class_shift = 0 } = {} }) {
    const templates = Array.from({ length: classes }, (_, k) => drawBlobs(stream(seed, 'class', k), channels));
    const weights = classWeights(classes, class_shift);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const labels = Uint16Array.from({ length: count }, (_, i) => labelAt(stream(seed, 'label', first + i)() * total, weights));
    const turn = turnOf(rotation_degrees);
    const size = { width: side, height: side, channels };
    const floats = floatsOf(size);
    return {
      classes: templates.map((_, k) => `class-${k}`),
      ...size,
      labels,
      async read(indices, into) {
        for (const [i, index] of indices.entries()) {
          // Keyed by image and use: a drift that is off draws nothing, and drifted images are the same images.
          const own = stream(seed, 'image', first + index);
          const [shiftX, shiftY] = [(own() - 0.5) * 0.4 * variation, (own() - 0.5) * 0.4 * variation];
          const scale = 1 + (own() - 0.5) * variation;
          const contrast = 1 + (own() - 0.5) * variation;
          const offset = i * floats;
          paint(seen(templates[labels[index]], { shiftX, shiftY, scale, turn, blur }), side, channels, into, offset);
          const grain = noise > 0 ? stream(seed, 'noise', first + index) : undefined;
          for (let k = offset; k < offset + floats; k++) {
            const added = grain === undefined ? 0 : noise * normalQuantile((grain() * 2 ** 32 + 0.5) / 2 ** 32);
            into[k] = Math.min(1, Math.max(0, 0.5 + contrast * (into[k] - 0.5) + brightness + added));
          }
        }
      },
    };
  },
});

/** The class in whose part of the sum of weights a value lies; never one of weight 0, also where sums round. */
function labelAt(value: number, weights: readonly number[]): number {
  let left = value;
  let last = 0;
  for (const [k, weight] of weights.entries()) {
    if (weight === 0) continue;
    last = k;
    if (left < weight) return k;
    left -= weight;
  }
  return last;
}
