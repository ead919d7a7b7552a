import tCdf from '@stdlib/stats-base-dists-t-cdf';
import { criticalT, mean, variance, type Values } from './summary.js';

/** Which of two values of a metric is the better one. */
export type Better = 'lower' | 'higher';

export interface PairedDifference {
  /** Mean of a − b. */
  mean: number;
  ci95: [number, number];
  /** Two-sided paired t test of "the means are equal". */
  pValue: number;
  /** Probability that the mean of a is better than that of b, given the replications (flat prior: the t distribution about the observed mean). */
  pABetter(better: Better): number;
}

/**
 * Difference of two alternatives that saw the same draws, from replications paired by index.
 *
 * Plain Student t, so that p < 0.05 says the same as a 95 % interval without 0: the differences of paired replications are
 * much closer to symmetric than the replications themselves.
 *
 * Without variance the difference is certain: p is 1 if it is 0, else 0. After a single replication nothing is known: the
 * interval is [-Infinity, Infinity], p is 1 and either is better with probability 0.5. No field is ever NaN.
 *
 * @param level confidence level of the interval
 * @throws RangeError if the lists differ in length or are empty, or a value is not finite
 */
export function pairedDifference(a: Values, b: Values, level = 0.95): PairedDifference {
  const n = a.length;
  if (n !== b.length) throw new RangeError(`pairs need as many values of a (${n}) as of b (${b.length})`);
  const difference = new Float64Array(n);
  for (let i = 0; i < n; i++) difference[i] = a[i] - b[i];
  const centre = mean(difference);
  const critical = criticalT(n, level);

  if (n === 1) return { mean: centre, ci95: [-Infinity, Infinity], pValue: 1, pABetter: () => 0.5 };

  const standardError = Math.sqrt(variance(difference) / n);
  if (standardError === 0) {
    return {
      mean: centre,
      ci95: [centre, centre],
      pValue: centre === 0 ? 1 : 0,
      pABetter: (better) => (centre === 0 ? 0.5 : centre < 0 === (better === 'lower') ? 1 : 0),
    };
  }
  const t = centre / standardError;
  return {
    mean: centre,
    ci95: [centre - critical * standardError, centre + critical * standardError],
    pValue: Math.min(1, 2 * tCdf(-Math.abs(t), n - 1)),
    pABetter: (better) => tCdf(better === 'lower' ? -t : t, n - 1),
  };
}
