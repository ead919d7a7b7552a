import { Type, type Static } from '@sinclair/typebox';
import { definePolicy } from '../contract.js';

const Options = Type.Object(
  {
    every_s: Type.Number({ exclusiveMinimum: 0, default: 120, description: 'a window opens this often' }),
    for_s: Type.Number({ exclusiveMinimum: 0, default: 60, description: 'and lasts this long' }),
    offset_s: Type.Number({ minimum: 0, default: 0, description: 'the first one opens then' }),
  },
  { additionalProperties: false },
);

export default definePolicy<'retrain', Static<typeof Options>>({
  name: 'windows',
  about: 'Retrains during regular windows and pauses between them.',
  source: 'Retraining windows as in Ekya (NSDI 2022), with a fixed share of the time.',
  decision: 'retrain',
  options: Options,
  events: [],
  create: ({ every_s, for_s, offset_s }) => {
    let window = 0;
    return {
      on(_event, _subject, nowMs, view, out) {
        const openMs = () => (offset_s + window * every_s) * 1000;
        const closeMs = () => openMs() + Math.min(for_s, every_s) * 1000;
        while (closeMs() <= nowMs) window++;
        const open = openMs() <= nowMs;
        for (const job of view.jobs) {
          if (open) out.run(job);
          else out.pause(job);
        }
        return open ? closeMs() : openMs();
      },
    };
  },
});
