import { Type } from '@sinclair/typebox';
import { bounded, defineGenerator, rateRps, requestCount } from '../generator.js';
import { RateCurve } from '../rate-curve.js';

export default defineGenerator({
  name: 'spike',
  about: 'A Poisson stream with one burst: from its base rate up to a peak, there for a while, and down again.',
  source: 'Inhomogeneous Poisson process by time change.',
  stationary: false,
  options: Type.Object(
    {
      rate_rps: rateRps,
      peak_rps: Type.Number({ minimum: 0, description: 'rate during the burst; below rate_rps it is a lull' }),
      at_s: Type.Number({ minimum: 0, description: 'when the rate begins to rise' }),
      for_s: Type.Number({ minimum: 0, description: 'how long the peak lasts, without the ramps' }),
      ramp_s: Type.Optional(Type.Number({ minimum: 0, default: 0, description: 'how long the rise takes, and the fall' })),
      requests: requestCount,
    },
    { additionalProperties: false },
  ),
  create({ rate_rps, peak_rps, at_s, for_s, ramp_s = 0, requests }, random, untilMs) {
    const curve = new RateCurve([
      [0, rate_rps],
      [at_s * 1000, rate_rps],
      [(at_s + ramp_s) * 1000, peak_rps],
      [(at_s + ramp_s + for_s) * 1000, peak_rps],
      [(at_s + 2 * ramp_s + for_s) * 1000, rate_rps],
    ]);
    let expected = 0;
    return bounded('spike', requests, untilMs, (timeMs) => {
      for (let i = 0; i < timeMs.length; i++) timeMs[i] = curve.timeOf((expected -= Math.log(1 - random())));
      return timeMs.length;
    });
  },
});
