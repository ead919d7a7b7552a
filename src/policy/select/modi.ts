import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, NEVER, NONE } from '../contract.js';
import { meanMs, timesOption } from './pick.js';

const Options = Type.Object({ times: timesOption }, { additionalProperties: false });

export default definePolicy<'select', Static<typeof Options>>({
  name: 'modi',
  about: 'The most accurate variant whose queue and time fit into the time that is left, of equals the quicker one; the quickest if none fits.',
  source: 'reconstructed: MODI: Ogden, Guo, HotEdge 2018: the decision engine of the edge, which the paper describes in words.',
  decision: 'select',
  options: Options,
  create: ({ times }) => ({
    on(_event, _subject, _nowMs, view, out) {
      const { lanes } = view;
      const { leftMs } = view;
      let best = NONE;
      let bestMs = Infinity;
      let quickest = lanes[0];
      let quickestMs = Infinity;
      for (let i = 0; i < lanes.length; i++) {
        const lane = lanes[i];
        const ms = (view.queued(lane) + 1) * meanMs(view, lane, times);
        if (ms < quickestMs) {
          quickest = lane;
          quickestMs = ms;
        }
        if (ms > leftMs) continue;
        if (best !== NONE && (view.accuracy(lane) < view.accuracy(best) || (view.accuracy(lane) === view.accuracy(best) && ms >= bestMs))) continue;
        best = lane;
        bestMs = ms;
      }
      out.choose(best === NONE ? quickest : best);
      return NEVER;
    },
  }),
});
