import { Type } from '@sinclair/typebox';
import { gammaSampler } from '../../random/gamma.js';
import { bounded, defineGenerator, rateRps, requestCount } from '../generator.js';

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
