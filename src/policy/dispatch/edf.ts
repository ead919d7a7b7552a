import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, NEVER, type DispatchView, type Ms } from '../contract.js';
import { rejectBeyond, queueLimit } from './queue-limit.js';
import { sameLimit, startUpTo } from './start-up-to.js';

const Options = Type.Object(
  {
    k: Type.Integer({ minimum: 1, default: 1, description: 'requests that run at once on one accelerator' }),
    drop_hopeless: Type.Boolean({ default: false, description: 'turn away a request that would miss its deadline even if started now, unless it is the only one there' }),
    queue_limit: queueLimit,
  },
  { additionalProperties: false },
);

/** Whether the head of the lane would miss its deadline even if started now. */
function isHopeless(lane: number, accelerator: number, nowMs: Ms, view: DispatchView): boolean {
  // One that has the accelerator to itself is served even so: with no answers to measure, a lane that was slow once would stay closed for ever.
  const alone = view.inFlight(accelerator) === 0 && view.queued(lane) === 1;
  return !alone && nowMs + view.measuredMs(lane) > view.headDeadlineMs(lane);
}

export default definePolicy<'dispatch', Static<typeof Options>>({
  name: 'edf',
  about: 'Earliest deadline first, up to a fixed number at once, with or without dropping requests that cannot make it.',
  source: 'Liu and Layland, J. ACM 20(1), 1973; a request counts as hopeless by the lane’s own measured time, as a server would know it.',
  decision: 'dispatch',
  options: Options,
  order: (request) => request.deadlineMs,
  create: ({ k, drop_hopeless, queue_limit }, { topology }) => {
    const limits = sameLimit(topology.accelerators, k);
    return {
      concurrency: k,
      on(_event, _subject, nowMs, view, out) {
        startUpTo(limits, nowMs, view, out, drop_hopeless ? isHopeless : undefined);
        rejectBeyond(queue_limit, view, out);
        return NEVER;
      },
    };
  },
});
