import { Type, type Static } from '@sinclair/typebox';
import { definePolicy, Event, NEVER } from '../contract.js';

const Options = Type.Object(
  {
    epochs_per_hour: Type.Number({ exclusiveMinimum: 0, default: 5, description: 'epochs that may be spent, all jobs of a site together; what is not spent is saved' }),
    epochs: Type.Integer({ minimum: 1, default: 5, description: 'epochs of one retraining' }),
  },
  { additionalProperties: false },
);

export default definePolicy<'retrain', Static<typeof Options>>({
  name: 'budgeted',
  about: 'Spends at most so many epochs an hour, on the model whose estimated accuracy is lowest.',
  source: 'reconstructed: the thief scheduler of Ekya (Bhardwaj et al., NSDI 2022) gives resources to the model that gains most; here the gain is taken to be largest where the estimate is lowest.',
  decision: 'retrain',
  options: Options,
  events: [Event.epoch],
  deploys: true,
  create: ({ epochs_per_hour, epochs }) => {
    const perMs = epochs_per_hour / 3_600_000;
    let spent = 0;
    let trains = -1;
    let untilEpoch = Infinity;
    return {
      on(event, subject, nowMs, view, out) {
        if (event === Event.epoch && subject === trains && view.epochs(subject) >= untilEpoch) {
          out.deploy(subject);
          out.stop(subject);
          trains = -1;
        }
        if (trains >= 0 || view.jobs.length === 0) return NEVER;
        const affordableMs = (spent + epochs) / perMs;
        if (nowMs < affordableMs) return affordableMs;
        // Nothing is known yet of a job without labels: it counts as perfect.
        const known = (job: number): number => (view.labels(job) > 0 ? view.estimate(job) : 1);
        let lowest = view.jobs[0];
        for (const job of view.jobs) if (known(job) < known(lowest)) lowest = job;
        trains = lowest;
        untilEpoch = view.epochs(lowest) + epochs;
        spent += epochs;
        out.run(lowest);
        return NEVER;
      },
    };
  },
});
