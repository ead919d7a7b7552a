import { Type } from '@sinclair/typebox';
import { stream } from '../../random/stream.js';
import { mapped } from '../mapped.js';
import { defineTransform } from '../transform.js';

export default defineTransform({
  name: 'scale_rate',
  about:
    'Changes the rate and keeps the shape. Below 1 each request stays with this probability. Above 1 each comes so many times in the mean, its copies at uniform moments before the next request. The draws are the same every time.',
  option: Type.Number({ exclusiveMinimum: 0, maximum: 1000, description: 'factor on the rate, time unchanged', examples: [0.5] }),
  async apply(open, factor) {
    const draw = stream('trace', 'scale_rate', factor);
    const whole = Math.floor(factor);
    const rest = factor - whole;
    // The copies of a request lie before the one that follows, which is not known yet.
    let heldMs = NaN;
    let heldSlo = NaN;
    return mapped(await open(), (request, give) => {
      if (!Number.isNaN(heldMs)) {
        const count = whole + (rest > 0 && draw() < rest ? 1 : 0);
        const roomMs = request === undefined ? 0 : request.timeMs - heldMs;
        if (count > 0) give(heldMs, heldSlo);
        const places = Float64Array.from({ length: Math.max(0, count - 1) }, draw).sort();
        for (const place of places) give(heldMs + place * roomMs, heldSlo);
      }
      if (request === undefined) return;
      heldMs = request.timeMs;
      heldSlo = request.sloMs;
    });
  },
});
