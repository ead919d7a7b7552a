import { Type } from '@sinclair/typebox';
import { mapped } from '../mapped.js';
import { defineTransform } from '../transform.js';

/** Requests whose gaps are changed together: long enough for bursts, short beside a day. */
const BLOCK = 512;

export default defineTransform({
  name: 'scale_burstiness',
  about:
    'Raises the gaps between requests to this power, in blocks of 512 requests that keep their beginning and end: 0 makes them even, 1 leaves them, 2 makes bursts denser and pauses longer. The rate over a block is kept.',
  option: Type.Number({ minimum: 0, maximum: 10, description: 'power of the gaps: 0 even, 1 unchanged, above 1 burstier', examples: [1.5] }),
  async apply(open, power) {
    let times: number[] = [];
    let slos: number[] = [];
    let startMs = 0;
    return mapped(await open(), (request, give) => {
      if (request !== undefined) {
        times.push(request.timeMs);
        slos.push(request.sloMs);
      }
      if (times.length === 0 || (request !== undefined && times.length < BLOCK)) return;
      const endMs = times[times.length - 1];
      const weights = times.map((timeMs, i) => weightOf(timeMs - (i === 0 ? startMs : times[i - 1]), power));
      const total = weights.reduce((sum, w) => sum + w, 0);
      let done = 0;
      for (let i = 0; i < times.length; i++) {
        done += weights[i];
        // The last one is where it was, whatever the sum of the weights is rounded to.
        give(i === times.length - 1 || total === 0 ? endMs : Math.min(endMs, startMs + (endMs - startMs) * (done / total)), slos[i]);
      }
      startMs = endMs;
      times = [];
      slos = [];
    });
  },
});

function weightOf(gapMs: number, power: number): number {
  if (power === 0) return 1;
  return gapMs > 0 ? Math.exp(power * Math.log(gapMs)) : 0;
}
