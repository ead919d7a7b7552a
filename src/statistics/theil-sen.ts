import type { Values } from './summary.js';

/**
 * The median of the slopes through all pairs of points, which a few wild points do not move; 0 where all x are equal. O(n²).
 *
 * Source: P. K. Sen, Estimates of the regression coefficient based on Kendall's tau, JASA 63, 1968.
 *
 * @throws RangeError if the lists differ in length
 */
export function theilSen(x: Values, y: Values): number {
  if (x.length !== y.length) throw new RangeError(`needs as many x (${x.length}) as y (${y.length})`);
  const slopes: number[] = [];
  for (let i = 0; i < x.length; i++) for (let j = 0; j < i; j++) if (x[i] !== x[j]) slopes.push((y[i] - y[j]) / (x[i] - x[j]));
  slopes.sort((a, b) => a - b);
  const n = slopes.length;
  return n === 0 ? 0 : (slopes[(n - 1) >> 1] + slopes[n >> 1]) / 2;
}
