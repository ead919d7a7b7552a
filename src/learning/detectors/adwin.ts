import type { Detector } from '../detector.js';

/** Labels in a bucket double from row to row; each row has at most so many buckets. */
const BUCKETS_A_ROW = 5;
/** Windows shorter than that are not split. */
const LEAST = 10;

/**
 * ADWIN, adaptive windowing: an alarm when the window of labels splits in two parts whose error, older to younger, has risen by more than
 * ε_cut = √(2/m · σ² · ln(2/δ')) + 2/(3m) · ln(2/δ'), with 1/m = 1/n₀ + 1/n₁, σ² the variance in the window and δ' = δ / ln n. Wherever
 * the parts differ, for better or worse, the older one is dropped; only a rise is an alarm. The window is kept as an exponential histogram.
 * Source: Bifet and Gavaldà, "Learning from time-changing data with adaptive windowing", SDM 2007 (ADWIN2).
 *
 * @param delta confidence δ of the test after a label, in (0, 1)
 */
export function adwin(delta = 0.002): Detector {
  /** Oldest first. */
  let buckets: { size: number; errors: number }[] = [];
  let n = 0;
  let errors = 0;

  function compress(): void {
    // From the young end: rows of 1, 2, 4, …
    let end = buckets.length;
    for (let size = 1; end > 0; size *= 2) {
      let start = end;
      while (start > 0 && buckets[start - 1].size === size) start--;
      if (end - start <= BUCKETS_A_ROW) return;
      const [a, b] = [buckets[start], buckets[start + 1]];
      buckets.splice(start, 2, { size: 2 * size, errors: a.errors + b.errors });
      end = start + 1;
    }
  }

  /** How much the error rises at the first split, from the old end, where the parts differ; 0 if nowhere. */
  function step(): number {
    const p = errors / n;
    const log = Math.log((2 * Math.log(n)) / delta);
    let oldN = 0;
    let oldErrors = 0;
    for (let i = 0; i < buckets.length - 1; i++) {
      oldN += buckets[i].size;
      oldErrors += buckets[i].errors;
      const inverseM = 1 / oldN + 1 / (n - oldN);
      const rise = (errors - oldErrors) / (n - oldN) - oldErrors / oldN;
      if (Math.abs(rise) > Math.sqrt(2 * inverseM * p * (1 - p) * log) + (2 / 3) * inverseM * log) return rise;
    }
    return 0;
  }

  return {
    add(wrong) {
      const error = wrong ? 1 : 0;
      buckets.push({ size: 1, errors: error });
      n++;
      errors += error;
      compress();
      let alarm = false;
      while (n >= LEAST) {
        const rise = step();
        if (rise === 0) break;
        if (rise > 0) alarm = true;
        const oldest = buckets.shift()!;
        n -= oldest.size;
        errors -= oldest.errors;
      }
      return alarm;
    },
    reset() {
      buckets = [];
      n = errors = 0;
    },
  };
}
