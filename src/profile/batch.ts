import type { InferenceProfile } from './schema.js';

/**
 * Mean solo time of a batch of n images, in ms: linear between measured batch sizes and along the last chord beyond
 * them; without measured batches n images take n times the time of one.
 */
export function batchMs(model: InferenceProfile, n: number): number {
  if (n === 1 || model.batches === undefined) return n * model.solo_ms;
  const size = [1, ...model.batches.size.filter((s) => s > 1)];
  const ms = [model.solo_ms, ...model.batches.mean_ms.filter((_, i) => model.batches!.size[i] > 1)];
  if (size.length === 1) return n * model.solo_ms;
  let i = 1;
  while (i < size.length - 1 && size[i] < n) i++;
  return ms[i - 1] + ((n - size[i - 1]) / (size[i] - size[i - 1])) * (ms[i] - ms[i - 1]);
}
