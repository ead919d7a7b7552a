import { Type } from '@sinclair/typebox';
import { definePolicy, NEVER } from '../contract.js';
import { mostAccurateBelow } from './pick.js';

export default definePolicy<'select'>({
  name: 'static-accuracy',
  about: 'Always the most accurate variant.',
  source: 'The baseline “static accuracy” of MDInference (Ogden, Guo, IC2E 2020).',
  decision: 'select',
  options: Type.Object({}, { additionalProperties: false }),
  create: () => ({
    on(_event, _subject, _nowMs, view, out) {
      out.choose(mostAccurateBelow(view, 'profile', 0, Infinity));
      return NEVER;
    },
  }),
});
