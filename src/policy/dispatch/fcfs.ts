import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, NEVER } from '../contract.js';
import { rejectBeyond, queueLimit } from './queue-limit.js';
import { sameLimit, startUpTo } from './start-up-to.js';

const Options = Type.Object(
  {
    k: Type.Integer({ minimum: 1, default: 1, description: 'requests that run at once on one accelerator' }),
    queue_limit: queueLimit,
  },
  { additionalProperties: false },
);

export default definePolicy<'dispatch', Static<typeof Options>>({
  name: 'fcfs',
  about: 'First come, first served, up to a fixed number at once on each accelerator.',
  source: 'Textbook.',
  decision: 'dispatch',
  options: Options,
  create: ({ k, queue_limit }, { topology }) => {
    const limits = sameLimit(topology.accelerators, k);
    return {
      concurrency: k,
      on(_event, _subject, nowMs, view, out) {
        startUpTo(limits, nowMs, view, out);
        rejectBeyond(queue_limit, view, out);
        return NEVER;
      },
    };
  },
});
