import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, NEVER, NONE, type DispatchView } from '../contract.js';
import { rejectBeyond, queueLimit } from './queue-limit.js';

const Options = Type.Object({ queue_limit: queueLimit }, { additionalProperties: false });

/** The accelerator with an idle worker for the lane whose worker has the largest share, or NONE. */
function bestFor(lane: number, view: DispatchView): number {
  let best = NONE;
  let most = 0;
  for (const accelerator of view.accelerators) {
    const worker = view.idleWorker(lane, accelerator);
    if (worker === NONE || view.shareOf(worker) <= most) continue;
    best = accelerator;
    most = view.shareOf(worker);
  }
  return best;
}

export default definePolicy<'dispatch', Static<typeof Options>>({
  name: 'as-planned',
  about: 'Every worker takes, as soon as it is idle, what waits for it, up to the batch that the placement planned.',
  source: 'Adaptive batching on a fixed share: GSLICE (SoCC 2020), iGniter (TPDS 2023).',
  decision: 'dispatch',
  options: Options,
  create: ({ queue_limit }) => ({
    on(_event, _subject, _nowMs, view, out) {
      for (const lane of view.lanes) {
        while (view.queued(lane) > 0) {
          const accelerator = bestFor(lane, view);
          if (accelerator === NONE) break;
          out.start(lane, Math.min(view.plannedBatch(lane), view.queued(lane)), view.idleWorker(lane, accelerator));
        }
      }
      rejectBeyond(queue_limit, view, out);
      return NEVER;
    },
  }),
});
