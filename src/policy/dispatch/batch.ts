import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, NEVER, NONE, type DispatchView } from '../contract.js';
import { rejectBeyond, queueLimit } from './queue-limit.js';

const Options = Type.Object(
  {
    max_batch: Type.Integer({ minimum: 1, default: 8, description: 'largest batch' }),
    max_delay_ms: Type.Number({ minimum: 0, default: 10, description: 'longest time that the first request of a batch waits for others' }),
    k: Type.Integer({ minimum: 1, default: 1, description: 'batches that run at once on one accelerator' }),
    queue_limit: queueLimit,
  },
  { additionalProperties: false },
);

/** The accelerator with the fewest batches in flight of those with an idle worker for the lane, or NONE. */
function idlestFor(lane: number, view: DispatchView): number {
  let idlest = NONE;
  for (const accelerator of view.accelerators)
    if (view.idleWorker(lane, accelerator) !== NONE && (idlest === NONE || view.inFlight(accelerator) < view.inFlight(idlest))) idlest = accelerator;
  return idlest;
}

export default definePolicy<'dispatch', Static<typeof Options>>({
  name: 'batch',
  about: 'Waits until a batch is full or its first request has waited long enough, then runs the batch as one.',
  source: 'Dynamic batching with a delay limit, as in Clipper (NSDI 2017) and Triton.',
  decision: 'dispatch',
  options: Options,
  create: ({ max_batch, max_delay_ms, k, queue_limit }) => ({
    concurrency: k,
    on(_event, _subject, nowMs, view, out) {
      let wakeMs: number;
      for (;;) {
        // Of the lanes whose batch is due, the one whose head has waited longest, so that none starves.
        let first = NONE;
        let on = NONE;
        wakeMs = NEVER;
        for (const lane of view.lanes) {
          if (view.queued(lane) === 0) continue;
          const dueMs = view.headArrivedMs(lane) + max_delay_ms;
          if (view.queued(lane) < max_batch && dueMs > nowMs) wakeMs = Math.min(wakeMs, dueMs);
          else if (first === NONE || view.headArrivedMs(lane) < view.headArrivedMs(first)) {
            const idlest = idlestFor(lane, view);
            if (idlest === NONE || view.inFlight(idlest) >= k) continue;
            first = lane;
            on = idlest;
          }
        }
        if (first === NONE) break;
        out.start(first, Math.min(max_batch, view.queued(first)), view.idleWorker(first, on));
      }
      rejectBeyond(queue_limit, view, out);
      return wakeMs;
    },
  }),
});
