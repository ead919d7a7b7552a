import type { Detector } from '../detector.js';

/**
 * Page–Hinkley test for a rise of the error: m = Σ (x − mean − δ), an alarm when m − min(m) > λ. After a rise of the error by
 * d > δ, m grows by about d − δ a label, so that the delay is about λ / (d − δ) labels.
 * Source: Page, Biometrika 41, 1954; in this form in Gama et al., ACM Computing Surveys 46(4), 2014.
 */
export function pageHinkley(delta: number, lambda: number, minLabels = 30): Detector {
  let n = 0;
  let mean = 0;
  let sum = 0;
  let lowest = 0;
  return {
    add(wrong) {
      const x = wrong ? 1 : 0;
      mean += (x - mean) / ++n;
      sum += x - mean - delta;
      if (sum < lowest) lowest = sum;
      return n >= minLabels && sum - lowest > lambda;
    },
    reset() {
      n = mean = sum = lowest = 0;
    },
  };
}
