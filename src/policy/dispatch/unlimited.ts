import { Type } from '@sinclair/typebox';
import { definePolicy, NEVER, NONE, type DispatchView } from '../contract.js';

/** Of the accelerators that can run the lane, the one with the fewest requests in flight. */
function leastLoaded(view: DispatchView, lane: number): number {
  let best = NONE;
  for (const accelerator of view.accelerators) {
    if (view.soloMs(lane, accelerator, 1) === Infinity) continue;
    if (best === NONE || view.inFlight(accelerator) < view.inFlight(best)) best = accelerator;
  }
  return best;
}

export default definePolicy<'dispatch'>({
  name: 'unlimited',
  about: 'Starts every request at once, on a new worker if none is idle, until the memory is exhausted. A bad policy, kept to show it.',
  source: 'What a server without admission control does.',
  decision: 'dispatch',
  options: Type.Object({}, { additionalProperties: false }),
  create: () => ({
    concurrency: Infinity,
    on(_event, _subject, _nowMs, view, out) {
      for (const lane of view.lanes) {
        while (view.queued(lane) > 0) {
          const warm = view.accelerators.find((accelerator) => view.idleWorker(lane, accelerator) !== NONE);
          const cold = warm === undefined ? leastLoaded(view, lane) : NONE;
          if (warm !== undefined) out.start(lane, 1, view.idleWorker(lane, warm));
          else if (cold !== NONE) out.spawn(lane, cold);
          else break;
        }
      }
      return NEVER;
    },
  }),
});
