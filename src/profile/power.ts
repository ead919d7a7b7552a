import { monotoneInterpolation } from '../contention/monotone.js';
import type { Profile } from './schema.js';

/**
 * Power of an accelerator in W by the number of its active processes (inference, training or loading), from the profile's measured
 * points: monotone between them, constant beyond the last one. Always 0 where the profile has no power curve.
 */
export function powerCurve({ accelerator }: Profile): (active: number) => number {
  const power = accelerator?.power;
  if (power === undefined) return () => 0;
  const between = monotoneInterpolation(power.active, power.mean_w);
  const most = power.active[power.active.length - 1];
  return (active) => between(Math.min(active, most));
}
