import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, NEVER, NONE } from '../contract.js';
import { budgetMs, fastest, mostAccurateBelow, timesOption } from './pick.js';

const Options = Type.Object(
  {
    gamma: Type.Number({ minimum: 0, default: 1, description: 'standard deviations that are added to the mean time of a variant' }),
    times: timesOption,
  },
  { additionalProperties: false },
);

export default definePolicy<'select', Static<typeof Options>>({
  name: 'mdinference',
  about: 'The most accurate variant that is done in the time that the network leaves, or the fastest one if none is.',
  source: 'MDInference: Ogden, Guo, IC2E 2020, as its released code does it.',
  decision: 'select',
  options: Options,
  create: ({ gamma, times }) => ({
    on(_event, _subject, _nowMs, view, out) {
      const best = mostAccurateBelow(view, times, gamma, budgetMs(view));
      out.choose(best === NONE ? fastest(view, times) : best);
      return NEVER;
    },
  }),
});
