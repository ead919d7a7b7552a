import { Type } from '@sinclair/typebox';
import { definePolicy, NEVER } from '../contract.js';

export default definePolicy<'route'>({
  name: 'spread',
  about: 'The requests of each app take the sites in turn.',
  source: 'Round robin.',
  decision: 'route',
  options: Type.Object({}, { additionalProperties: false }),
  create: () => ({
    on(_event, _subject, _nowMs, view, out) {
      for (let stage = 0; stage < view.stageCount; stage++) {
        const sites = view.sitesOf(stage);
        out.visit(sites[view.ordinal % sites.length]);
      }
      return NEVER;
    },
  }),
});
