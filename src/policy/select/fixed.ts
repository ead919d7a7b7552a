import { Type } from '@sinclair/typebox';
import { definePolicy, NEVER } from '../contract.js';

export default definePolicy<'select'>({
  name: 'fixed',
  about: 'Always the first variant that the scenario names, of those that are loaded.',
  source: 'The default.',
  decision: 'select',
  options: Type.Object({}, { additionalProperties: false }),
  create: () => ({
    on(_event, _subject, _nowMs, view, out) {
      out.choose(view.lanes[0]);
      return NEVER;
    },
  }),
});
