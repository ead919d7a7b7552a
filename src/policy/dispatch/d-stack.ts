import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, NEVER, NONE, type DispatchView, type Ms } from '../contract.js';
import { rejectBeyond, queueLimit } from './queue-limit.js';

const Options = Type.Object({ queue_limit: queueLimit }, { additionalProperties: false });

const WHOLE = 100;

export default definePolicy<'dispatch', Static<typeof Options>>({
  name: 'd-stack',
  about: 'Runs models at once as long as their shares fit the accelerator: those that have not run for a whole SLO by deadline, then the one that has had the least.',
  source: 'reconstructed: Dhakal, Kulkarni, Ramakrishnan: D-STACK, TCC 12(4), 2024: once per SLO in the order of deadlines, then opportunistically and fairly; the measure of what a model has had is ours, share × time.',
  decision: 'dispatch',
  options: Options,
  create: ({ queue_limit }) => {
    /** By lane: when it last started, and share × expected time of all that it started. */
    const startedMs: Ms[] = [];
    const had: number[] = [];
    const isDue = (lane: number, nowMs: Ms, view: DispatchView): boolean => nowMs - (startedMs[lane] ?? -Infinity) >= view.headDeadlineMs(lane) - view.headArrivedMs(lane);
    /** Whether lane a goes before lane b. */
    const goesFirst = (a: number, b: number, nowMs: Ms, view: DispatchView): boolean => {
      const due = isDue(a, nowMs, view);
      if (due !== isDue(b, nowMs, view)) return due;
      return due ? view.headDeadlineMs(a) < view.headDeadlineMs(b) : (had[a] ?? 0) < (had[b] ?? 0);
    };
    /** An idle worker of the lane whose share is still free, or NONE. */
    const workerFor = (lane: number, view: DispatchView): number => {
      for (const accelerator of view.accelerators) {
        const worker = view.idleWorker(lane, accelerator);
        if (worker !== NONE && view.shareInUse(accelerator) + view.shareOf(worker) <= WHOLE) return worker;
      }
      return NONE;
    };
    return {
      on(_event, _subject, nowMs, view, out) {
        for (;;) {
          let first = NONE;
          let on = NONE;
          for (const lane of view.lanes) {
            if (view.queued(lane) === 0 || (first !== NONE && !goesFirst(lane, first, nowMs, view))) continue;
            const worker = workerFor(lane, view);
            if (worker === NONE) continue;
            first = lane;
            on = worker;
          }
          if (first === NONE) break;
          startedMs[first] = nowMs;
          had[first] = (had[first] ?? 0) + view.shareOf(on) * view.measuredMs(first);
          out.start(first, Math.min(view.plannedBatch(first), view.queued(first)), on);
        }
        rejectBeyond(queue_limit, view, out);
        return NEVER;
      },
    };
  },
});
