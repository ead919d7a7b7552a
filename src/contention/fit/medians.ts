import type { ObservedGroup } from './group.js';

/** Values in ascending order, each with the number of rows it stands for and its process. */
export interface SortedRows {
  ms: Float64Array;
  rows: Float64Array;
  /** Position in `group.clusters`. */
  cluster: Int32Array;
  /** Position among the kept values of its cluster. */
  position: Int32Array;
}

/** More rows of one group than this are thinned evenly before they are sorted again and again. */
const MOST_SORTED = 4096;

/** The kept rows of a group, sorted. */
export function sortedRows(group: ObservedGroup): SortedRows {
  const kept = group.clusters.reduce((sum, c) => sum + c.keptMs.length, 0);
  const every = Math.max(1, Math.ceil(kept / MOST_SORTED));
  const entries: [ms: number, rows: number, cluster: number, position: number][] = [];
  group.clusters.forEach((c, i) => {
    const taken = Math.ceil(c.keptMs.length / every);
    for (let k = 0; k < taken; k++) entries.push([c.keptMs[k * every], c.n / taken, i, k]);
  });
  entries.sort((a, b) => a[0] - b[0]);
  return {
    ms: Float64Array.from(entries, (e) => e[0]),
    rows: Float64Array.from(entries, (e) => e[1]),
    cluster: Int32Array.from(entries, (e) => e[2]),
    position: Int32Array.from(entries, (e) => e[3]),
  };
}

/** The p-quantile of weighted values in ascending order, half way between two where the weights meet there. Weight 0 is left out. */
export function weightedQuantile(ms: ArrayLike<number>, weight: ArrayLike<number>, p = 0.5): number {
  let total = 0;
  for (let i = 0; i < ms.length; i++) total += weight[i];
  const target = total * p;
  let sum = 0;
  for (let i = 0; i < ms.length; i++) {
    if (weight[i] === 0) continue;
    sum += weight[i];
    if (sum > target * (1 + 1e-12)) return ms[i];
    if (sum >= target * (1 - 1e-12)) {
      let next = i + 1;
      while (next < ms.length && weight[next] === 0) next++;
      return next < ms.length ? (ms[i] + ms[next]) / 2 : ms[i];
    }
  }
  return ms[ms.length - 1];
}

/** Median of unsorted values. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  return n === 0 ? NaN : (sorted[(n - 1) >> 1] + sorted[n >> 1]) / 2;
}
