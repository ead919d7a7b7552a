import { crc32 } from 'node:zlib';
import type { Totals } from './epoch.js';
import type { Loader } from './loader.js';
import type { RetrainingOptions } from './options.js';
import type { Position } from './shuffle.js';

/** What a checkpoint knows besides tensors. Its tensors are the weights in order, then those of the optimizer. */
export interface JobState {
  identity: string;
  /** Where the job stands; the order of images follows from it and the seed. */
  position: Position;
  /** Steps that the optimizer has made. */
  iterations: number;
  /** How many of the tensors are weights. */
  weights: number;
  /** Of the epoch that is under way. */
  totals: Totals;
}

/** Equal for two jobs whose position in an epoch and optimizer mean the same. */
export function identityOf(options: Omit<RetrainingOptions, 'checkpoint_steps'>, { width, height, channels, classes, labels }: Loader): string {
  const sum = crc32(new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength));
  return JSON.stringify({ ...options, width, height, channels, classes: classes.length, images: labels.length, labels: sum });
}
