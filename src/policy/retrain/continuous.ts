import { Type } from '@sinclair/typebox';
import { definePolicy, NEVER } from '../contract.js';

export default definePolicy<'retrain'>({
  name: 'continuous',
  about: 'Retrains all the time, epoch after epoch.',
  source: 'Corun: Liu, Andhare, Kang, Sensors 24(16), 2024.',
  decision: 'retrain',
  options: Type.Object({}, { additionalProperties: false }),
  events: [],
  create: () => ({
    on(_event, _subject, _nowMs, view, out) {
      for (const job of view.jobs) out.run(job);
      return NEVER;
    },
  }),
});
