import { mean, type Values } from './summary.js';

/** Fewer independent values say nothing about the interval of a median. */
const FEWEST = 6;
/** Half of the width of a normal 95 % interval, in standard deviations. */
const Z = 1.96;

export interface MedianInterval {
  median: number;
  ci95: [number, number];
  /** Half of the interval's width over the median; Infinity where too few values are independent. */
  relativeHalfWidth: number;
}

/**
 * Median of values in time order, with the interval between the order statistics at 1/2 ± z / (2 √n′). Neighbours in time repeat
 * each other, so of n values with first autocorrelation ρ only n′ = n (1 − ρ) / (1 + ρ) count (an autoregression of first order).
 *
 * Source: the binomial interval of a quantile in its normal approximation, H. A. David and H. N. Nagaraja, Order Statistics, 3rd ed., 7.1.
 *
 * @throws RangeError if there are no values
 */
export function medianInterval(values: Values): MedianInterval {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  if (n === 0) throw new RangeError('the median of no values is undefined');
  const at = (p: number): number => sorted[Math.min(n - 1, Math.max(0, Math.round(p * (n - 1))))];
  const median = (sorted[(n - 1) >> 1] + sorted[n >> 1]) / 2;
  const rho = Math.min(0.95, Math.max(0, firstAutocorrelation(values)));
  const counted = (n * (1 - rho)) / (1 + rho);
  if (counted < FEWEST) return { median, ci95: [sorted[0], sorted[n - 1]], relativeHalfWidth: Infinity };
  const reach = Z / 2 / Math.sqrt(counted);
  const ci95: [number, number] = [at(0.5 - reach), at(0.5 + reach)];
  return { median, ci95, relativeHalfWidth: (ci95[1] - ci95[0]) / 2 / median };
}

/** Correlation of a value with the next one; 0 where nothing varies. */
export function firstAutocorrelation(values: Values): number {
  const centre = mean(values);
  let [products, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const d = values[i] - centre;
    squares += d * d;
    if (i > 0) products += d * (values[i - 1] - centre);
  }
  return squares === 0 ? 0 : products / squares;
}
