import type { Better } from './paired.js';

/**
 * Probability of each alternative to have the best mean: in how many bootstrap resamples of the replications it has.
 * Replications are resampled whole, for all alternatives at once, which keeps their pairing. Ties are split evenly.
 *
 * A single replication says nothing about the spread, so that all are then equally likely.
 *
 * Source: B. Efron and R. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 6 and section 8.3.
 *
 * @param columns for each alternative, the metric's value in each replication
 * @param draw uniform in [0, 1), called once per resample and replication
 * @returns one probability per alternative; they add up to 1
 * @throws RangeError if the columns differ in length or are empty, or a value is not finite
 */
export function probabilityBest(columns: readonly (readonly number[])[], better: Better, draw: () => number, resamples = 2000): number[] {
  const count = columns.length;
  if (count === 0) return [];
  const n = columns[0].length;
  if (n === 0) throw new RangeError('needs at least one replication');
  for (const column of columns) {
    if (column.length !== n) throw new RangeError(`pairs need as many replications of each alternative: ${n} and ${column.length}`);
    for (const value of column) if (!Number.isFinite(value)) throw new RangeError(`needs finite values, not ${value}`);
  }
  if (n === 1) return columns.map(() => 1 / count);

  const sign = better === 'lower' ? 1 : -1;
  const sums = new Float64Array(count);
  const wins = new Float64Array(count);
  for (let resample = 0; resample < resamples; resample++) {
    sums.fill(0);
    for (let i = 0; i < n; i++) {
      const replication = Math.floor(draw() * n);
      for (let k = 0; k < count; k++) sums[k] += sign * columns[k][replication];
    }
    let best = Infinity;
    let sharing = 0;
    for (let k = 0; k < count; k++) {
      if (sums[k] < best) {
        best = sums[k];
        sharing = 1;
      } else if (sums[k] === best) sharing++;
    }
    for (let k = 0; k < count; k++) if (sums[k] === best) wins[k] += 1 / sharing;
  }
  return Array.from(wins, (w) => w / resamples);
}
