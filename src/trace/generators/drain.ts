import { Type } from '@sinclair/typebox';
import { bounded, defineGenerator, requestCount } from '../generator.js';

export default defineGenerator({
  name: 'drain',
  about: 'A backlog of requests that are all there at one moment, beside a Poisson stream: to see how long it takes to be rid of them.',
  source: 'Deterministic backlog; Poisson process after it.',
  stationary: false,
  options: Type.Object(
    {
      backlog: Type.Integer({ minimum: 1, description: 'requests that come at once' }),
      at_s: Type.Optional(Type.Number({ minimum: 0, default: 0, description: 'when they come' })),
      rate_rps: Type.Optional(Type.Number({ minimum: 0, default: 0, description: 'rate of the stream from time 0 on, besides the backlog; 0 for the backlog alone' })),
      requests: requestCount,
    },
    { additionalProperties: false },
  ),
  create({ backlog, at_s = 0, rate_rps = 0, requests }, random, untilMs) {
    const atMs = at_s * 1000;
    const gapMs = (): number => (rate_rps > 0 ? (-Math.log(1 - random()) * 1000) / rate_rps : Infinity);
    let nextMs = gapMs();
    let waiting = backlog;
    const most = rate_rps > 0 ? requests : Math.min(backlog, requests ?? Infinity);
    return bounded('drain', most, untilMs, (timeMs) => {
      for (let i = 0; i < timeMs.length; i++) {
        if (waiting > 0 && atMs <= nextMs) {
          waiting--;
          timeMs[i] = atMs;
        } else if (nextMs === Infinity) return i;
        else {
          timeMs[i] = nextMs;
          nextMs += gapMs();
        }
      }
      return timeMs.length;
    });
  },
});
