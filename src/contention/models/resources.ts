import { Type } from '@sinclair/typebox';
import { classKey, classMap, defineContention, type ActivityClass } from '../contract.js';
import { sharedResources, type ResourceUse } from '../shared-resources.js';

const closed = { additionalProperties: false } as const;
const Amounts = (description: string) => Type.Record(Type.String({ minLength: 1 }), Type.Number({ minimum: 0 }), { description });

const Use = Type.Object(
  {
    demand: Amounts('by resource: what one process takes of it at its solo speed; less when it is slower'),
    held: Type.Optional(Amounts('by resource: what one process takes of it as long as it is there, however slow it is; default nothing')),
    pipeline: Type.Optional(
      Type.Object(
        {
          loader: Type.Number({ minimum: 0, maximum: 1, description: 'time to load the data of a step, over the time of a step alone' }),
          accelerator: Type.Number({ minimum: 0, maximum: 1, description: 'time of a step on the accelerator, over the time of a step alone' }),
        },
        { ...closed, description: 'loading the next step overlaps computing this one, and the longer of the two (1) decides; without it work is done one part after the other' },
      ),
    ),
  },
  closed,
);

const Parameters = Type.Object(
  {
    model: Type.Literal('resources'),
    resources: Type.Record(Type.String({ minLength: 1 }), Type.Number({ exclusiveMinimum: 0 }), {
      description: 'capacity of each resource, in the unit in which demands are given; time on an accelerator has 1',
      minProperties: 1,
    }),
    clock: Type.Optional(
      Type.Object(
        {
          resource: Type.String({ description: 'the resource whose capacity is proportional to the clock' }),
          load: Type.Array(Type.Number({ minimum: 0, maximum: 1 }), { minItems: 1, description: 'share of that resource in use, ascending' }),
          factor: Type.Array(Type.Number({ exclusiveMinimum: 0 }), { minItems: 1, description: 'clock at each of them, over any clock that is taken as 1' }),
        },
        { ...closed, description: 'a clock that rises with the load; default a fixed one' },
      ),
    ),
    classes: classMap(Use, 'what each class takes; `inference:*` stands for all inference models that are not named, and so on'),
    measured: Type.Object(
      { inference_jobs: Type.Integer({ minimum: 0 }), training_jobs: Type.Integer({ minimum: 0 }) },
      { ...closed, description: 'numbers of jobs up to which it was measured' },
    ),
  },
  closed,
);

export default defineContention({
  name: 'resources',
  about: 'Processes share named resources under max-min fairness; a pipelined retraining step takes the longer of loading and computing, and the clock may rise with the load.',
  source: 'Max-min fairness by progressive filling (Bertsekas and Gallager, 1992); what is held, the pipeline and the clock: made for the observations published with Corun.',
  parameters: Parameters,
  bind(parameters, classes) {
    const { measured } = parameters;
    const useOf = (c: ActivityClass): ResourceUse | undefined => parameters.classes[classKey(c)] ?? parameters.classes[`${c.kind}:*`];
    const uses = classes.map(useOf);
    const shared = sharedResources(parameters, uses.map((use) => use ?? { demand: {} }));
    const soloRate = classes.map((_, i) => shared.rates(classes.map((_, j) => Number(i === j))).rate[i]);
    return {
      slowdowns(counts, slowdown) {
        const jobs = { inference: 0, training: 0, loading: 0 };
        let outside: string | undefined;
        for (let i = 0; i < classes.length; i++) {
          jobs[classes[i].kind] += counts[i];
          if (counts[i] > 0 && uses[i] === undefined && classes[i].kind !== 'loading') outside = `${classKey(classes[i])} was not measured`;
        }
        const { rate, exhausted } = shared.rates(counts);
        for (let i = 0; i < classes.length; i++) if (counts[i] > 0) slowdown[i] = soloRate[i] / rate[i];
        if (exhausted !== undefined) outside = `what processes hold of ${exhausted} is more than there is`;
        if (jobs.inference > measured.inference_jobs) outside = `${jobs.inference} inferences at once, measured up to ${measured.inference_jobs}`;
        if (jobs.training > measured.training_jobs) outside = `${jobs.training} retraining jobs at once, measured up to ${measured.training_jobs}`;
        return outside;
      },
    };
  },
});
