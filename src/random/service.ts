import { normalQuantile } from './normal.js';

/**
 * The spread of one request's solo service time, as a factor with mean 1 (of the profile's mean solo time).
 *
 * - `deterministic`: always 1
 * - `exponential`: CV 1
 * - `two-point`: `low` with probability `p_low`, else the value that makes the mean 1
 * - `lognormal`: coefficient of variation `cv`
 * - `measured`: `quantiles` at probabilities 0 to 1 in equal steps, linear in between
 */
export type Spread =
  | { distribution: 'deterministic' }
  | { distribution: 'exponential' }
  | { distribution: 'two-point'; low: number; p_low: number }
  | { distribution: 'lognormal'; cv: number }
  | { distribution: 'measured'; quantiles: number[] };

/** Quantile function of a spread: uniform u in [0, 1) to a factor ≥ 0 with mean 1. Non-decreasing in u. */
export function spreadQuantile(spread: Spread): (u: number) => number {
  switch (spread.distribution) {
    case 'deterministic':
      return () => 1;
    case 'exponential':
      return (u) => -Math.log(1 - u);
    case 'two-point': {
      const { low, p_low } = spread;
      const high = (1 - p_low * low) / (1 - p_low);
      return (u) => (u < p_low ? low : high);
    }
    case 'lognormal': {
      const variance = Math.log(1 + spread.cv * spread.cv);
      const sigma = Math.sqrt(variance);
      return (u) => Math.exp(sigma * normalQuantile(u === 0 ? 2 ** -33 : u) - variance / 2);
    }
    case 'measured': {
      const at = Float64Array.from(spread.quantiles);
      const steps = at.length - 1;
      return (u) => {
        const low = Math.floor(u * steps);
        return at[low] + (u * steps - low) * (at[low + 1] - at[low]);
      };
    }
  }
}

/** Mean of values with these quantiles at probabilities 0 to 1 in equal steps, linear in between. */
export function meanOfQuantiles(quantiles: readonly number[]): number {
  const steps = quantiles.length - 1;
  return quantiles.reduce((sum, value, i) => sum + (i === 0 || i === steps ? value / 2 : value), 0) / steps;
}

/** Standard deviation of a spread's factor, which has mean 1. */
export function spreadSd(spread: Spread = { distribution: 'deterministic' }): number {
  switch (spread.distribution) {
    case 'deterministic':
      return 0;
    case 'exponential':
      return 1;
    case 'two-point':
      return (1 - spread.low) * Math.sqrt(spread.p_low / (1 - spread.p_low));
    case 'lognormal':
      return spread.cv;
    case 'measured': {
      // Between two quantiles values are uniform.
      const squares = spread.quantiles.slice(1).reduce((sum, b, i) => sum + (spread.quantiles[i] ** 2 + spread.quantiles[i] * b + b ** 2) / 3, 0);
      return Math.sqrt(Math.max(0, squares / (spread.quantiles.length - 1) - 1));
    }
  }
}
