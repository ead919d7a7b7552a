import { Type } from '@sinclair/typebox';
import { normalQuantile } from '../../random/normal.js';
import type { Stream } from '../../random/stream.js';
import { bounded, defineGenerator, rateRps, requestCount } from '../generator.js';

/**
 * A sampler of the Gamma distribution with the given shape and scale 1.
 *
 * Source: G. Marsaglia and W. W. Tsang, A simple method for generating gamma variables, ACM TOMS 26(3), 2000. Below
 * shape 1, their remark: a variable of shape + 1, times u^(1/shape).
 */
function gammaSampler(shape: number, random: Stream): () => number {
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

export default defineGenerator({
  name: 'gamma',
  about: 'Independent Gamma-distributed gaps: more regular than Poisson below CV 1, bursty above it. The first request comes after the first gap.',
  source: 'Renewal process with Gamma gaps (shape 1 / CV²), drawn after Marsaglia and Tsang (2000).',
  stationary: true,
  options: Type.Object(
    {
      rate_rps: rateRps,
      cv: Type.Number({
        exclusiveMinimum: 0,
        maximum: 100,
        description: 'coefficient of variation of the gaps: 1 is Poisson; for 0 use the process "even"',
      }),
      requests: requestCount,
    },
    { additionalProperties: false },
  ),
  create({ rate_rps, cv, requests }, random, untilMs) {
    const sample = gammaSampler(1 / (cv * cv), random);
    const scaleMs = (1000 / rate_rps) * cv * cv;
    let nowMs = 0;
    return bounded('gamma', requests, untilMs, (timeMs) => {
      let t = nowMs;
      for (let i = 0; i < timeMs.length; i++) {
        t += sample() * scaleMs;
        timeMs[i] = t;
      }
      nowMs = t;
      return timeMs.length;
    });
  },
});
