import type { ObservedGroup } from './group.js';

export interface Moments {
  mean: number;
  variance: number;
  /** Rows that were kept. */
  n: number;
}

/** Of all kept durations of a group, ms. */
export function momentsOf({ clusters }: Pick<ObservedGroup, 'clusters'>): Moments {
  let [n, sum, squares] = [0, 0, 0];
  for (const { keptMs } of clusters)
    for (const ms of keptMs) {
      n++;
      sum += ms;
      squares += ms * ms;
    }
  const mean = sum / n;
  return { mean, variance: Math.max(0, squares / n - mean * mean), n };
}
