import { NONE, type DispatchCommands, type DispatchView, type Ms } from '../contract.js';

/**
 * Starts waiting requests one by one, first in the lanes' order, each on the accelerator with the fewest batches in flight
 * of those that can run it, until every accelerator has as many as its limit or nothing can be started.
 *
 * @param limits batches in flight at most, by accelerator
 * @param turnAway whether to turn the request at the head of this lane away instead
 */
export function startUpTo(
  limits: readonly number[],
  nowMs: Ms,
  view: DispatchView,
  out: DispatchCommands,
  turnAway?: (lane: number, accelerator: number, nowMs: Ms, view: DispatchView) => boolean,
): void {
  const { accelerators } = view;
  for (;;) {
    let idlest = NONE;
    let fewest = Infinity;
    let lane = NONE;
    for (let i = 0; i < accelerators.length; i++) {
      const accelerator = accelerators[i];
      const inFlight = view.inFlight(accelerator);
      if (inFlight >= limits[accelerator] || inFlight >= fewest) continue;
      const first = view.firstStartable(accelerator);
      if (first === NONE) continue;
      idlest = accelerator;
      fewest = inFlight;
      lane = first;
    }
    if (idlest === NONE) return;
    if (turnAway !== undefined && turnAway(lane, idlest, nowMs, view)) out.rejectHead(lane);
    else out.start(lane, 1, view.idleWorker(lane, idlest));
  }
}

/** The same limit for every accelerator of a policy's scope. */
export function sameLimit(accelerators: readonly { id: number }[], limit: number): number[] {
  const limits: number[] = [];
  for (const { id } of accelerators) limits[id] = limit;
  return limits;
}
