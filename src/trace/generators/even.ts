import { Type } from '@sinclair/typebox';
import { bounded, defineGenerator, rateRps, requestCount } from '../generator.js';

export default defineGenerator({
  name: 'even',
  about: 'Equal gaps. The first request comes after the first gap, so rate × time requests have come at any time.',
  source: 'Deterministic: request k comes at k / rate.',
  stationary: true,
  options: Type.Object({ rate_rps: rateRps, requests: requestCount }, { additionalProperties: false }),
  create({ rate_rps, requests }, _random, untilMs) {
    let made = 0;
    return bounded('even', requests, untilMs, (timeMs) => {
      // From the ordinal, not by adding up gaps: the millionth request is as exact as the first.
      for (let i = 0; i < timeMs.length; i++) timeMs[i] = ((made + i + 1) * 1000) / rate_rps;
      made += timeMs.length;
      return timeMs.length;
    });
  },
});
