import { Type } from '@sinclair/typebox';
import { definePolicy, NEVER } from '../contract.js';

export default definePolicy<'select'>({
  name: 'random',
  about: 'Any variant, each with the same chance.',
  source: 'The baseline “random” of MDInference (Ogden, Guo, IC2E 2020).',
  decision: 'select',
  options: Type.Object({}, { additionalProperties: false }),
  create: (_options, { random }) => ({
    on(_event, _subject, _nowMs, view, out) {
      out.choose(view.lanes[Math.floor(random() * view.lanes.length)]);
      return NEVER;
    },
  }),
});
