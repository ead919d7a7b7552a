import { Type, type Static } from '@sinclair/typebox';
import type { Issue } from '../input/issue.js';
import type { Path } from '../input/path.js';

const closed = { additionalProperties: false } as const;

const drift = Type.Object(
  {
    brightness: Type.Optional(Type.Number({ minimum: -1, maximum: 1, default: 0, description: 'what is added to every value; 1 turns black into white' })),
    blur: Type.Optional(Type.Number({ minimum: 0, maximum: 1, default: 0, description: 'standard deviation of a Gaussian blur, as a share of the side' })),
    rotation_degrees: Type.Optional(Type.Number({ minimum: -360, maximum: 360, default: 0, description: 'rotation about the centre, clockwise' })),
    noise: Type.Optional(Type.Number({ minimum: 0, maximum: 1, default: 0, description: 'standard deviation of noise that is added to every value' })),
    class_shift: Type.Optional(
      Type.Number({ minimum: 0, maximum: 1, default: 0, description: 'how much rarer the first half of the classes becomes, and how much more frequent the second; 1: only the second is left' }),
    ),
  },
  { ...closed, description: 'how the world has changed since the images without drift' },
);

/** Images that are drawn from a seed. */
export const GeneratedImages = Type.Object(
  {
    count: Type.Integer({ minimum: 1, maximum: 10_000_000, description: 'how many images' }),
    first: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'number of the first image: other numbers are other images of the same classes, for example held-out ones' })),
    classes: Type.Optional(Type.Integer({ minimum: 2, maximum: 1000, default: 10, description: 'how many classes' })),
    side: Type.Optional(Type.Integer({ minimum: 4, maximum: 512, default: 32, description: 'width and height in pixels' })),
    channels: Type.Optional(Type.Union([Type.Literal(1), Type.Literal(3)], { default: 3, description: '1 is grey, 3 is red, green, blue' })),
    variation: Type.Optional(Type.Number({ minimum: 0, maximum: 1, default: 0.3, description: 'how much images of a class differ among themselves, without drift: place, size and contrast' })),
    seed: Type.Optional(Type.Union([Type.Integer(), Type.String()], { default: 1, description: 'of all draws' })),
    drift: Type.Optional(drift),
  },
  closed,
);

/** Images in the format of MNIST. */
export const IdxImages = Type.Object(
  {
    images: Type.String({ minLength: 1, description: 'file with the images: count × height × width bytes, or × 3 for colour' }),
    labels: Type.String({ minLength: 1, description: 'file with the labels: one byte each' }),
    classes: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 2, maxItems: 256, description: 'names of the classes; without them 0, 1, … up to the greatest label' })),
  },
  closed,
);

/** Where a retraining job's labelled images come from, as a scenario says it. */
export const TrainingImages = Type.Object(
  {
    folder: Type.Optional(Type.String({ minLength: 1, description: 'a folder that has a folder of images per class, relative to the scenario; images are brought to the size that the model takes', examples: ['photos'] })),
    idx: Type.Optional(Type.Object(IdxImages.properties, { ...closed, description: 'files in the format of MNIST, relative to the scenario' })),
    generated: Type.Optional(Type.Object(GeneratedImages.properties, { ...closed, description: 'small images that are drawn from a seed, to try retraining with' })),
  },
  { ...closed, description: 'labelled images to retrain with when the scenario is served for real: exactly one of folder, idx and generated; a simulation does not look at them' },
);
export type TrainingImages = Static<typeof TrainingImages>;

const KINDS = ['folder', 'idx', 'generated'] as const;

/** Exactly one kind of images is named. */
export function trainingImagesIssues(data: TrainingImages, path: Path): Issue[] {
  const found = KINDS.filter((kind) => data[kind] !== undefined);
  if (found.length === 1) return [];
  return [{ path, at: 'value', sentence: `exactly one of ${KINDS.join(', ')} is needed, ${found.length === 0 ? 'none is there' : `found ${found.join(' and ')}`}` }];
}

/** With every path made absolute by `resolve`. */
export function withPlaces({ folder, idx, ...rest }: TrainingImages, resolve: (file: string) => string): TrainingImages {
  return {
    ...rest,
    ...(folder !== undefined && { folder: resolve(folder) }),
    ...(idx !== undefined && { idx: { ...idx, images: resolve(idx.images), labels: resolve(idx.labels) } }),
  };
}
