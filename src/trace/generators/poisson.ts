import { Type } from '@sinclair/typebox';
import { bounded, defineGenerator, rateRps, requestCount } from '../generator.js';

export default defineGenerator({
  name: 'poisson',
  about: 'Independent exponential gaps: many clients that know nothing of each other. The first request comes after the first gap.',
  source: 'Poisson process; gaps by inversion, −ln(1 − u) / rate.',
  stationary: true,
  options: Type.Object({ rate_rps: rateRps, requests: requestCount }, { additionalProperties: false }),
  create({ rate_rps, requests }, random, untilMs) {
    const meanMs = 1000 / rate_rps;
    let nowMs = 0;
    return bounded('poisson', requests, untilMs, (timeMs) => {
      let t = nowMs;
      for (let i = 0; i < timeMs.length; i++) {
        t -= Math.log(1 - random()) * meanMs;
        timeMs[i] = t;
      }
      nowMs = t;
      return timeMs.length;
    });
  },
});
