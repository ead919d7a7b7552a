import type { ObservedGroup } from './group.js';
import { median } from './medians.js';

/** How durations of one group scatter, on the scale of logarithms. */
export interface Spread {
  /** Standard deviation from row to row of one process. */
  row: number;
  /** Standard deviation from process to process. */
  process: number;
  /** Correlation of a row with the next one of its process. */
  correlation: number;
}

/** Where nothing is known: 5 % from row to row, 2 % from process to process. */
const UNKNOWN: Spread = { row: 0.05, process: 0.02, correlation: 0 };
/** Variance of the median of normal values over that of their mean. */
const MEDIAN_VARIANCE = Math.PI / 2;
/** Standard deviation over the median absolute deviation of normal values. */
const MAD = 1.4826;

/** Spread pooled over groups. A process needs four rows to count for the spread of rows; that of processes is what their medians scatter beyond what their rows explain. */
export function pooledSpread(groups: readonly ObservedGroup[]): Spread {
  const deviations: number[] = [];
  let [products, squares] = [0, 0];
  for (const { clusters } of groups) {
    for (const { keptMs } of clusters) {
      if (keptMs.length < 4) continue;
      const logs = Float64Array.from(keptMs, Math.log);
      const centre = median(logs);
      const shrink = Math.sqrt(logs.length / (logs.length - 1));
      const own = logs.map((v) => (v - centre) * shrink);
      const mean = own.reduce((a, b) => a + b, 0) / own.length;
      for (let i = 0; i < own.length; i++) {
        deviations.push(Math.abs(own[i]));
        squares += (own[i] - mean) ** 2;
        if (i > 0) products += (own[i] - mean) * (own[i - 1] - mean);
      }
    }
  }
  if (deviations.length === 0) return UNKNOWN;
  const row = Math.max(1e-4, MAD * median(deviations));
  const correlation = squares > 0 ? Math.min(0.95, Math.max(0, products / squares)) : 0;

  let [between, degrees] = [0, 0];
  for (const { clusters } of groups) {
    const medians = clusters.filter((c) => c.keptMs.length > 0).map((c) => ({ log: Math.log(median(c.keptMs)), own: rowVarianceOfMedian({ row, correlation }, c.keptMs.length) }));
    if (medians.length < 2) continue;
    const mean = medians.reduce((sum, m) => sum + m.log, 0) / medians.length;
    between += medians.reduce((sum, m) => sum + (m.log - mean) ** 2, 0) - ((medians.length - 1) / medians.length) * medians.reduce((sum, m) => sum + m.own, 0);
    degrees += medians.length - 1;
  }
  return { row, correlation, process: degrees === 0 ? UNKNOWN.process : Math.sqrt(Math.max(0, between / degrees)) };
}

/** Variance of the logarithm of a median of n rows of one process. Rows in sequence repeat each other: n (1 − ρ) / (1 + ρ) of them count. */
function rowVarianceOfMedian({ row, correlation }: Pick<Spread, 'row' | 'correlation'>, n: number): number {
  return (MEDIAN_VARIANCE * row * row) / Math.max(1, (n * (1 - correlation)) / (1 + correlation));
}

/** Variance of the logarithm of a group's median, from the spread alone. */
export function varianceOfMedian(spread: Spread, rows: number, processes: number): number {
  return rowVarianceOfMedian(spread, rows) + (spread.process * spread.process) / processes;
}
