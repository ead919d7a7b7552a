import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, Event } from '../contract.js';

const Options = Type.Object(
  {
    every_s: Type.Number({ exclusiveMinimum: 0, default: 3600, description: 'a window begins this often, the first one at 0' }),
    epochs: Type.Integer({ minimum: 1, default: 5, description: 'epochs at the beginning of each window' }),
  },
  { additionalProperties: false },
);

export default definePolicy<'retrain', Static<typeof Options>>({
  name: 'every-window',
  about: 'Trains a fixed number of epochs at the beginning of each window, deploys, and ends the job until the next one.',
  source: 'The uniform scheduler that Ekya (Bhardwaj et al., NSDI 2022) compares itself with, without its shares of the GPU.',
  decision: 'retrain',
  options: Options,
  events: [Event.epoch],
  deploys: true,
  create: ({ every_s, epochs }) => {
    let window = -1;
    const untilEpoch: number[] = [];
    return {
      on(event, subject, nowMs, view, out) {
        if (event === Event.epoch && view.epochs(subject) >= untilEpoch[subject]) {
          out.deploy(subject);
          out.stop(subject);
          untilEpoch[subject] = Infinity;
        }
        if (nowMs >= (window + 1) * every_s * 1000) {
          window = Math.floor(nowMs / (every_s * 1000));
          for (const job of view.jobs) {
            // A window that is too short for its epochs goes on into the next one.
            if ((untilEpoch[job] ?? Infinity) < Infinity) continue;
            untilEpoch[job] = view.epochs(job) + epochs;
            out.run(job);
          }
        }
        return (window + 1) * every_s * 1000;
      },
    };
  },
});
