import { Type } from '@sinclair/typebox';
import { definePolicy, NEVER } from '../contract.js';
import { fastest } from './pick.js';

export default definePolicy<'select'>({
  name: 'static-latency',
  about: 'Always the variant that is fastest by the profile.',
  source: 'The baseline “static latency” of MDInference (Ogden, Guo, IC2E 2020).',
  decision: 'select',
  options: Type.Object({}, { additionalProperties: false }),
  create: () => ({
    on(_event, _subject, _nowMs, view, out) {
      out.choose(fastest(view, 'profile'));
      return NEVER;
    },
  }),
});
