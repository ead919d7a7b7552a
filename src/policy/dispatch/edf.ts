import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, NEVER, NONE } from '../contract.js';
import { rejectBeyond, queueLimit } from './queue-limit.js';

const Options = Type.Object(
  {
    k: Type.Integer({ minimum: 1, default: 1, description: 'requests that run at once on one accelerator' }),
    drop_hopeless: Type.Boolean({ default: false, description: 'turn away a request that would miss its deadline even if started now, unless it is the only one there' }),
    queue_limit: queueLimit,
  },
  { additionalProperties: false },
);

export default definePolicy<'dispatch', Static<typeof Options>>({
  name: 'edf',
  about: 'Earliest deadline first, up to a fixed number at once, with or without dropping requests that cannot make it.',
  source: 'Liu and Layland, J. ACM 20(1), 1973; a request counts as hopeless by the lane’s own measured time, as a server would know it.',
  decision: 'dispatch',
  options: Options,
  order: (request) => request.deadlineMs,
  create: ({ k, drop_hopeless, queue_limit }) => ({
    concurrency: k,
    on(_event, _subject, nowMs, view, out) {
      for (const accelerator of view.accelerators) {
        while (view.inFlight(accelerator) < k) {
          const lane = view.firstStartable(accelerator);
          if (lane === NONE) break;
          // One that has the accelerator to itself is served even so: with no answers to measure, a lane that was slow once would stay closed for ever.
          const alone = view.inFlight(accelerator) === 0 && view.queued(lane) === 1;
          if (drop_hopeless && !alone && nowMs + view.measuredMs(lane) > view.headDeadlineMs(lane)) out.rejectHead(lane);
          else out.start(lane, 1, view.idleWorker(lane, accelerator));
        }
      }
      rejectBeyond(queue_limit, view, out);
      return NEVER;
    },
  }),
});
