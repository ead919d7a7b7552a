import type { Arrivals } from './arrivals.js';
import type { TraceTransform } from './transform.js';
import sample from './transforms/sample.js';
import scaleBurstiness from './transforms/scale-burstiness.js';
import scaleRate from './transforms/scale-rate.js';
import scaleTime from './transforms/scale-time.js';
import window from './transforms/window.js';

/** Every transform by its field, in the order in which they are applied. One file, one line here, one test, one section in docs/traces.md. */
export const transforms = {
  window,
  sample,
  scale_time: scaleTime,
  scale_rate: scaleRate,
  scale_burstiness: scaleBurstiness,
} satisfies Record<string, TraceTransform>;

/** A trace with those transforms applied that the options name. */
export function transformed(open: () => Arrivals | Promise<Arrivals>, options: Record<string, unknown>): Arrivals | Promise<Arrivals> {
  let result = open;
  for (const [name, transform] of Object.entries<TraceTransform>(transforms)) {
    const option = options[name];
    if (option === undefined) continue;
    const before = result;
    result = () => transform.apply(before, option);
  }
  return result();
}
