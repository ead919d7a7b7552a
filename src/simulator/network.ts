import { normalQuantile } from '../random/normal.js';
import type { Delay } from '../scenario/scenario.js';

/** Quantile function of a one-way delay, fixed or normal and truncated at 0: uniform u in [0, 1) to ms ≥ 0. */
export function delayQuantile(delay: Delay): (u: number) => number {
  if ('fixed_ms' in delay) return () => delay.fixed_ms;
  const { mean_ms, sd_ms } = delay.normal;
  if (sd_ms === 0) return () => mean_ms;
  // Redrawing while negative is the same as drawing from the part above 0.
  const below = normalProbability(-mean_ms / sd_ms);
  return (u) => Math.max(0, mean_ms + sd_ms * normalQuantile(below + u * (1 - below)));
}

/** Standard normal distribution function, absolute error below 1e-9, as the inverse of the quantile by bisection. */
function normalProbability(z: number): number {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalQuantile(middle) < z) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
