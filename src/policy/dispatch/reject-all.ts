import { Type } from '@sinclair/typebox';
import { definePolicy, NEVER } from '../contract.js';

export default definePolicy<'dispatch'>({
  name: 'reject-all',
  about: 'Turns every request away. It has the best latency of all, which shows why goodput is the metric to look at.',
  source: 'The pathological bound.',
  decision: 'dispatch',
  options: Type.Object({}, { additionalProperties: false }),
  create: () => ({
    concurrency: 0,
    on(_event, _subject, _nowMs, view, out) {
      for (const lane of view.lanes) while (view.queued(lane) > 0) out.rejectHead(lane);
      return NEVER;
    },
  }),
});
