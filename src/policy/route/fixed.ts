import { Type } from '@sinclair/typebox';
import { definePolicy, NEVER } from '../contract.js';

export default definePolicy<'route'>({
  name: 'fixed',
  about: 'Every stage goes to the first site that can run it.',
  source: 'The default.',
  decision: 'route',
  options: Type.Object({}, { additionalProperties: false }),
  create: () => ({
    on(_event, _subject, _nowMs, view, out) {
      for (let stage = 0; stage < view.stageCount; stage++) out.visit(view.sitesOf(stage)[0]);
      return NEVER;
    },
  }),
});
