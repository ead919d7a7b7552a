import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, NEVER, NONE } from '../contract.js';
import { rejectBeyond, queueLimit } from './queue-limit.js';

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
  create: ({ k, queue_limit }) => ({
    concurrency: k,
    on(_event, _subject, _nowMs, view, out) {
      for (const accelerator of view.accelerators) {
        while (view.inFlight(accelerator) < k) {
          const lane = view.firstStartable(accelerator);
          if (lane === NONE) break;
          out.start(lane, 1, view.idleWorker(lane, accelerator));
        }
      }
      rejectBeyond(queue_limit, view, out);
      return NEVER;
    },
  }),
});
