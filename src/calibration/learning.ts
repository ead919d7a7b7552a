import { resolve } from 'node:path';
import type { ModelChoice } from '../executor/engines/tensorflow/options.js';
import { isHeldOut } from '../executor/retraining/part.js';
import { zoo } from '../models/zoo.js';

/** What a retraining job learns from while it is measured. Times do not depend on what the images show, but on how long they take to load. */
export interface TrainingImages {
  /** A folder with a folder of images per class; without one they are drawn from a seed. */
  folder?: string;
  /** How many are drawn. */
  count: number;
}

/** What an engine that really learns is told, beside model and batch. */
export interface Learning {
  images: Readonly<Record<string, unknown>>;
  heldOutShare: number;
  options: { seed: number };
  sliceMs: number;
}

const HELD_OUT = 0.2;
const CLASSES = 1000;

/** The images of a job fit its model: its size, and as many classes as it answers with. A slice is one step, so that a slice is always the same work. */
export function learningOf(model: string, { source = model, input_size, classes = CLASSES }: ModelChoice, { folder, count }: TrainingImages): Learning {
  const side = input_size ?? (Object.hasOwn(zoo, source) ? zoo[source].inputSize : undefined);
  const size = side === undefined ? {} : { width: side, height: side };
  const images = folder === undefined ? { kind: 'generated', count, classes, ...(side !== undefined && { side }) } : { kind: 'folder', path: resolve(folder), ...size };
  return { images, heldOutShare: HELD_OUT, options: { seed: JOB_SEED }, sliceMs: 0 };
}

/** The seed of a job that is told none. */
const JOB_SEED = 1;

/** Steps of an epoch over images that are drawn: whole ones, and the share of a batch that is left for the last one. */
export function stepsOf({ count }: TrainingImages, batch: number): { whole: number; rest: number } {
  const images = Array.from({ length: count }, (_, i) => i).filter((i) => !isHeldOut(HELD_OUT, JOB_SEED, i)).length;
  return { whole: Math.floor(images / batch), rest: (images % batch) / batch };
}
