import type { ObservedGroup } from './group.js';

/**
 * Joins durations that follow each other in one process into blocks of about so long, and gives the mean of each.
 *
 * Where processes take turns in slices longer than a unit of work, as on an oversubscribed processor, most units run undisturbed and a few wait
 * long: the median of units says nothing of throughput, the median of blocks does. One stall still spoils one block only.
 *
 * @param blockMs longer than the slices; a unit of work that takes longer is a block by itself
 */
export function blockMeans(durationsMs: ArrayLike<number>, blockMs: number): number[] {
  const means: number[] = [];
  let [sum, count] = [0, 0];
  for (let i = 0; i < durationsMs.length; i++) {
    sum += durationsMs[i];
    count++;
    if (sum < blockMs) continue;
    means.push(sum / count);
    [sum, count] = [0, 0];
  }
  // A rest would be shorter than a block; it counts only where there is nothing else.
  if (means.length === 0 && count > 0) means.push(sum / count);
  return means;
}

/** A group whose rows are blocks. */
export function inBlocks(group: ObservedGroup, blockMs: number): ObservedGroup {
  const clusters = group.clusters.map((c) => {
    const means = blockMeans(c.keptMs, blockMs);
    return { ...c, keptMs: Float64Array.from(means), n: means.length };
  });
  return { ...group, clusters, n: clusters.reduce((sum, c) => sum + c.n, 0) };
}
