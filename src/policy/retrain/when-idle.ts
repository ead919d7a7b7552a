import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, Event, NEVER, NONE } from '../contract.js';

const Options = Type.Object(
  { quiet_ms: Type.Number({ minimum: 0, default: 0, description: 'how long an accelerator must have been without inference before training resumes' }) },
  { additionalProperties: false },
);

export default definePolicy<'retrain', Static<typeof Options>>({
  name: 'when-idle',
  about: 'Time-sharing: retrains only while the accelerator has no inference queued or running, and pauses as soon as one comes.',
  source: 'The time-sharing baseline that Corun argues against (fast job switching); switching itself costs the rest of a training slice.',
  decision: 'retrain',
  options: Options,
  events: [Event.busy, Event.idle],
  create: ({ quiet_ms }) => {
    const idleSince: number[] = [];
    return {
      on(event, subject, nowMs, view, out) {
        if (event === Event.busy) idleSince[subject] = Infinity;
        if (event === Event.idle) idleSince[subject] = nowMs;
        let wakeMs = NEVER;
        for (const job of view.jobs) {
          const accelerator = view.acceleratorOf(job);
          if (accelerator === NONE) continue;
          if (view.inferenceWork(accelerator) > 0) {
            out.pause(job);
            continue;
          }
          const dueMs = (idleSince[accelerator] ?? -Infinity) + quiet_ms;
          if (dueMs <= nowMs) out.run(job);
          else wakeMs = Math.min(wakeMs, dueMs);
        }
        return wakeMs;
      },
    };
  },
});
