import { Type } from '@sinclair/typebox';
import { bounded, defineGenerator, rateRps } from '../generator.js';
import { evenWithinSeconds } from '../seconds.js';

export default defineGenerator({
  name: 'corun-process-b',
  about: 'Second after second a Poisson number of requests, evenly spaced within their second, for a number of seconds.',
  source: 'Liu, Andhare, Kang: Corun (Sensors 2024, 24(16), 5262), from its code, which drew from numpy with seed 6; here from the seed of the run.',
  stationary: true,
  options: Type.Object(
    {
      rate_rps: rateRps,
      seconds: Type.Optional(Type.Integer({ minimum: 1, default: 60, description: 'how long the stream lasts, in seconds' })),
    },
    { additionalProperties: false },
  ),
  create({ rate_rps, seconds = 60 }, random, untilMs) {
    // A Poisson number, exact at any rate: how many exponential gaps fit into the second.
    const requestsIn = () => {
      let n = 0;
      for (let left = rate_rps + Math.log(1 - random()); left > 0; left += Math.log(1 - random())) n++;
      return n;
    };
    // The last second ends the stream, so it needs no count. Seconds after the run are not even drawn.
    const drawn = Math.min(seconds, Math.ceil(untilMs / 1000));
    return bounded('corun-process-b', Number.MAX_SAFE_INTEGER, untilMs, evenWithinSeconds(drawn, requestsIn));
  },
});
