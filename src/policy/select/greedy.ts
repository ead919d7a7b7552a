import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, NEVER, NONE } from '../contract.js';
import { fastest, mostAccurateBelow, timesOption } from './pick.js';

const Options = Type.Object({ times: timesOption }, { additionalProperties: false });

export default definePolicy<'select', Static<typeof Options>>({
  name: 'greedy',
  about: 'The most accurate variant whose mean time is below the SLO, whatever the network takes, or the fastest one if none is.',
  source: 'The baseline “naive” of MDInference’s released code (Ogden, Guo, IC2E 2020).',
  decision: 'select',
  options: Options,
  create: ({ times }) => ({
    on(_event, _subject, _nowMs, view, out) {
      const best = mostAccurateBelow(view, times, 0, view.sloMs);
      out.choose(best === NONE ? fastest(view, times) : best);
      return NEVER;
    },
  }),
});
