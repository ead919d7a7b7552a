import { Type, type Static } from '@sinclair/typebox';
import { defineContention } from '../contract.js';
import { monotoneInterpolation } from '../monotone.js';

const Curve = Type.Object(
  {
    jobs: Type.Array(Type.Integer({ minimum: 0 }), { minItems: 1, description: 'numbers of inference jobs that were measured, ascending' }),
    slowdown: Type.Array(Type.Number({ exclusiveMinimum: 0 }), { minItems: 1, description: 'co-run duration over solo duration at each of them' }),
  },
  { additionalProperties: false },
);

const Parameters = Type.Object(
  {
    model: Type.Literal('table'),
    inference: Curve,
    inference_beside_training: Type.Optional(
      Type.Record(Type.String(), Type.Number({ exclusiveMinimum: 0 }), {
        description: 'by training model: the further factor on every inference while that job trains',
      }),
    ),
    training: Type.Optional(Type.Record(Type.String(), Curve, { description: 'by training model: its slowdown over the number of inference jobs' })),
    loading: Type.Optional(
      Type.Object(Curve.properties, { additionalProperties: false, description: 'slowdown of a worker that is being loaded, over the number of inference jobs; default none' }),
    ),
    beside_loading: Type.Optional(
      Type.Number({ minimum: 1, description: 'factor on every inference and training job for each neighbour that is being loaded; default 1' }),
    ),
  },
  { additionalProperties: false },
);

function curve({ jobs, slowdown }: Static<typeof Curve>): { at: (n: number) => number; most: number } {
  const most = jobs[jobs.length - 1];
  const last = slowdown[slowdown.length - 1];
  const measured = monotoneInterpolation(jobs, slowdown);
  // A curve that falls at its end would reach zero if continued: beyond what was measured it stays at its last value at least.
  return { at: (n) => (n > most ? Math.max(measured(n), last) : measured(n)), most };
}

export default defineContention({
  name: 'table',
  about: 'The measured slowdowns by number of active inference jobs, with monotone interpolation between them; which models they are is not looked at.',
  source: 'Measured groups; interpolation after Fritsch and Carlson (1980).',
  parameters: Parameters,
  bind(parameters, classes) {
    const inference = curve(parameters.inference);
    const training = classes.map((c) => (c.kind === 'training' ? parameters.training?.[c.model] : undefined)).map((c) => c && curve(c));
    const beside = classes.map((c) => (c.kind === 'training' ? parameters.inference_beside_training?.[c.model] : undefined));
    const loading = parameters.loading && curve(parameters.loading);
    const besideLoading = parameters.beside_loading ?? 1;
    return {
      slowdowns(counts, slowdown) {
        let jobs = 0;
        let jobsTraining = 0;
        let loadingFactor = 1;
        let trainingFactor = 1;
        let outside: string | undefined;
        let unmeasured: string | undefined;
        for (let i = 0; i < classes.length; i++) {
          const count = counts[i];
          if (count === 0) continue;
          const { kind, model } = classes[i];
          if (kind === 'inference') jobs += count;
          else if (kind === 'loading') for (let k = 0; k < count; k++) loadingFactor *= besideLoading;
          else {
            jobsTraining += count;
            const factor = beside[i];
            if (factor === undefined) unmeasured = `inference beside retraining ${model} was not measured`;
            else trainingFactor *= factor;
          }
        }
        if (jobs > 0) outside = unmeasured;
        if (jobs > inference.most) outside = `${jobs} inferences at once, measured up to ${inference.most}`;
        if (jobsTraining > 1) outside = `${jobsTraining} retraining jobs at once, measured 1`;
        for (let i = 0; i < classes.length; i++) {
          if (counts[i] === 0) continue;
          const { kind, model } = classes[i];
          if (kind === 'inference') slowdown[i] = inference.at(jobs) * trainingFactor * loadingFactor;
          else if (kind === 'loading') slowdown[i] = loading?.at(jobs) ?? 1;
          else {
            const own = training[i];
            slowdown[i] = (own?.at(jobs) ?? 1) * loadingFactor;
            if (own === undefined) outside = `retraining ${model} was not measured`;
            else if (jobs > own.most) outside = `${jobs} inferences beside retraining ${model}, measured up to ${own.most}`;
          }
        }
        return outside;
      },
    };
  },
});
