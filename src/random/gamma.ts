import { normalQuantile } from './normal.js';
import type { Stream } from './stream.js';

/**
 * A sampler of the Gamma distribution with the given shape and scale 1.
 *
 * Source: G. Marsaglia and W. W. Tsang, A simple method for generating gamma variables, ACM TOMS 26(3), 2000. Below
 * shape 1, their remark: a variable of shape + 1, times u^(1/shape).
 */
export function gammaSampler(shape: number, random: Stream): () => number {
  const d = (shape < 1 ? shape + 1 : shape) - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  const sample = () => {
    for (;;) {
      const x = normalQuantile(random());
      const root = 1 + c * x;
      if (root <= 0) continue;
      const v = root * root * root;
      const u = random();
      const xx = x * x;
      if (u < 1 - 0.0331 * xx * xx || Math.log(u) < 0.5 * xx + d * (1 - v + Math.log(v))) return d * v;
    }
  };
  if (shape >= 1) return sample;
  return () => sample() * Math.exp(Math.log(1 - random()) / shape);
}
