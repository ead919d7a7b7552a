import { normal } from '../../random/normal.js';
import { stream, type Seed } from '../../random/stream.js';
import type { ObservedGroup } from './group.js';
import { sortedRows, weightedQuantile } from './medians.js';
import { varianceOfMedian, type Spread } from './spread.js';

/** What the rows of a group say about its median. */
export interface GroupMedian {
  medianMs: number;
  /** Standard error of its logarithm. */
  se: number;
  /** Log of the median in each bootstrap draw, minus that of the median. The k-th draws of all groups belong together. */
  draws: Float64Array;
}

/** A bootstrap over few processes says little about its own width: half of the pooled variance is its floor. */
const FLOOR = 0.5;

/**
 * Medians of groups with draws of what they might have been, by the Bayesian bootstrap (Rubin, Ann. Statist. 9(1), 1981) over
 * processes: each process of each run gets one exponential weight for all groups that it is in, since its rows are correlated. In a
 * group with one process the weights are those of blocks of about n^(1/3) successive rows, and the pooled spread of processes is added.
 */
export function groupMedians(groups: readonly ObservedGroup[], spreadOf: (group: ObservedGroup) => Spread, draws: number, seed: Seed): GroupMedian[] {
  const processes = new Map<string, number>();
  for (const { clusters } of groups) for (const c of clusters) if (!processes.has(keyOf(c))) processes.set(keyOf(c), processes.size);
  const weightOf = Array.from({ length: draws }, (_, b) => {
    const draw = stream(seed, 'processes', b);
    return Float64Array.from({ length: processes.size }, () => exponential(draw()));
  });
  return groups.map((group) => {
    const rows = sortedRows(group);
    const medianMs = weightedQuantile(rows.ms, rows.rows);
    const spread = spreadOf(group);
    const count = group.clusters.length;
    const own = group.clusters.map((c) => processes.get(keyOf(c))!);
    const block = Math.max(1, Math.round(Math.cbrt(rows.ms.length)));
    const blocks = Math.ceil(rows.ms.length / block);
    const single = count === 1;
    const drawn = new Float64Array(draws);
    const weights = new Float64Array(rows.ms.length);
    const units = single ? blocks : count;
    // Exponential weights of m units scatter a mean by (m − 1) / (m + 1) of what it does.
    const inflate = units > 1 ? Math.sqrt((units + 1) / (units - 1)) : 0;
    for (let b = 0; b < draws; b++) {
      if (single) {
        const draw = stream(seed, 'blocks', b, group.name);
        const byBlock = Float64Array.from({ length: blocks }, () => exponential(draw()));
        for (let i = 0; i < weights.length; i++) weights[i] = rows.rows[i] * byBlock[Math.floor(rows.position[i] / block)];
      } else for (let i = 0; i < weights.length; i++) weights[i] = rows.rows[i] * weightOf[b][own[rows.cluster[i]]];
      drawn[b] = Math.log(weightedQuantile(rows.ms, weights) / medianMs) * inflate;
    }
    const pooled = varianceOfMedian(spread, group.n, count);
    let variance = 0;
    for (const d of drawn) variance += (d * d) / draws;
    // The bootstrap of one process cannot know how processes differ.
    const missing = Math.max(single ? spread.process * spread.process : 0, FLOOR * pooled - variance);
    if (missing > 0) {
      for (let b = 0; b < draws; b++) drawn[b] += Math.sqrt(missing) * normal(stream(seed, 'group', b, group.name));
      variance += missing;
    }
    return { medianMs, se: Math.max(1e-5, Math.sqrt(variance)), draws: drawn };
  });
}

const keyOf = ({ run, process }: { run: string; process: string }): string => `${run}\u0000${process}`;
const exponential = (u: number): number => -Math.log(1 - u);
