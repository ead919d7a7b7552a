import { standardErrorOf } from '../accuracy.js';
import type { Detector } from '../detector.js';

/**
 * Drift Detection Method: the error p with s = √(p(1 − p)/n) has risen when p + s ≥ p_min + 3 s_min, the minimum being that of p + s,
 * after at least 30 labels. Source: Gama, Medas, Castillo, Rodrigues, "Learning with drift detection", SBIA 2004.
 */
export function ddm(minLabels = 30, outControl = 3): Detector {
  let n = 0;
  let errors = 0;
  let lowest = Infinity;
  let limit = Infinity;
  return {
    add(wrong) {
      n++;
      if (wrong) errors++;
      // Before the first error s is 0, and any error at all would be an alarm.
      if (n < minLabels || errors === 0) return false;
      const p = errors / n;
      const s = standardErrorOf(p, n);
      if (p + s < lowest) {
        lowest = p + s;
        limit = p + outControl * s;
      }
      return p + s >= limit;
    },
    reset() {
      n = errors = 0;
      lowest = limit = Infinity;
    },
  };
}
