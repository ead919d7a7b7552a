import { Type } from '@sinclair/typebox';
import { definePolicy, NEVER } from '../contract.js';

export default definePolicy<'route'>({
  name: 'on-device',
  about: 'Every stage runs on the request’s own phone, or at the first site that can run it if no phone can.',
  source: 'The baseline of inference on the device alone.',
  decision: 'route',
  options: Type.Object({}, { additionalProperties: false }),
  create: () => ({
    on(_event, _subject, _nowMs, view, out) {
      for (let stage = 0; stage < view.stageCount; stage++) {
        const sites = view.sitesOf(stage);
        out.visit(sites.find((site) => view.isDevice(site)) ?? sites[0]);
      }
      return NEVER;
    },
  }),
});
