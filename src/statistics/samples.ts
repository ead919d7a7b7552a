import type { Values } from './summary.js';

declare const checked: unique symbol;
declare const sorted: unique symbol;

/** At least one number, none of them NaN. */
export type Samples = readonly number[] & { readonly [checked]: true };

/** Samples in ascending order. Only `sortSamples` makes them, so that a percentile of unsorted data does not type-check. */
export type SortedSamples = Samples & { readonly [sorted]: true };

/**
 * Checks and copies measurements.
 *
 * @throws RangeError if there are none, or one is NaN
 */
export function samples(values: Values): Samples {
  if (values.length === 0) throw new RangeError('needs at least one sample');
  for (const value of values) if (Number.isNaN(value)) throw new RangeError('a sample cannot be NaN');
  return Array.from(values) as readonly number[] as Samples;
}

/** A sorted copy. */
export function sortSamples(unsorted: Samples): SortedSamples {
  return Array.from(Float64Array.from(unsorted).sort()) as readonly number[] as SortedSamples;
}

/**
 * The p-quantile of sorted samples, interpolated linearly between order statistics: position (n − 1)·p from 0.
 *
 * Source: type 7 of R. J. Hyndman and Y. Fan, Sample quantiles in statistical packages, Am. Statist. 50(4), 1996; the default of R and NumPy.
 *
 * @param p a probability in [0, 1]
 * @throws RangeError if p is outside [0, 1]
 */
export function quantileSorted(sorted: SortedSamples, p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a probability is between 0 and 1, not ${p}`);
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const share = position - below;
  return share === 0 ? sorted[below] : sorted[below] + share * (sorted[below + 1] - sorted[below]);
}
