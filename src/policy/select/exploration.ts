import { Type } from '@sinclair/typebox';
import { definePolicy, NEVER, NONE } from '../contract.js';
import { drawn } from './pick.js';

export default definePolicy<'select'>({
  name: 'exploration',
  about: 'Any variant, with a chance in proportion to its accuracy.',
  source: 'The baseline “exploration” of MDInference (Ogden, Guo, IC2E 2020) as it is meant; the released code calls the greedy rule under this name.',
  decision: 'select',
  options: Type.Object({}, { additionalProperties: false }),
  create: (_options, { random }) => ({
    on(_event, _subject, _nowMs, view, out) {
      const choice = drawn(view.lanes, (lane) => view.accuracy(lane), random());
      out.choose(choice === NONE ? view.lanes[0] : choice);
      return NEVER;
    },
  }),
});
