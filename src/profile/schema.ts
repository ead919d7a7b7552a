import { Type, type Static, type TSchema } from '@sinclair/typebox';
import { classMap } from '../contention/contract.js';
import { contentionModels } from '../contention/models.js';
import { CalibrationSchema } from './calibration-schema.js';

const closed = { additionalProperties: false } as const;
const positive = (description: string) => Type.Number({ exclusiveMinimum: 0, description });
const notNegative = (description: string) => Type.Number({ minimum: 0, description });

export const SpreadSchema = Type.Union(
  [
    Type.Object({ distribution: Type.Literal('deterministic') }, closed),
    Type.Object({ distribution: Type.Literal('exponential') }, closed),
    Type.Object(
      {
        distribution: Type.Literal('two-point'),
        low: Type.Number({ minimum: 0, maximum: 1, description: 'the smaller factor; the larger follows from a mean of 1' }),
        p_low: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1, description: 'probability of the smaller factor' }),
      },
      closed,
    ),
    Type.Object({ distribution: Type.Literal('lognormal'), cv: positive('coefficient of variation of the solo time') }, closed),
    Type.Object(
      {
        distribution: Type.Literal('measured'),
        quantiles: Type.Array(notNegative('factor'), { minItems: 2, description: 'factors at probabilities from 0 to 1 in equal steps, ascending, with a mean of 1; between them linear' }),
      },
      closed,
    ),
  ],
  { description: 'spread of the solo time of single requests, as a factor with mean 1; default deterministic' },
);

const idleCost = (description: string) =>
  Type.Object(
    {
      cools_ms: notNegative('a process gets cold while it has nothing to do: after so long by 63 %, after three times as long by 95 %; at once if 0'),
      warms_ms: Type.Optional(notNegative('and warm again while it works: after so much work by 63 %; after one image if 0 or left out')),
      processes: Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1, description: 'numbers of inference processes on the accelerator that were measured, ascending; between them linear, beyond them constant' }),
      added_ms: Type.Array(notNegative('mean time that is added'), { minItems: 1, description: 'at each of them, to an image whose process is wholly cold' }),
      cv: Type.Optional(notNegative('coefficient of variation of what is added (lognormal); 0 if left out')),
    },
    { ...closed, description },
  );

export const AfterIdleSchema = Type.Object(
  { alone: Type.Optional(idleCost('while nothing trains')), beside_training: Type.Optional(idleCost('while a retraining job is at work; that of `alone` if left out')) },
  {
    ...closed,
    description:
      'what an inference takes longer whose process had nothing to do before it: caches are cold, clocks low, threads asleep, and its processor is somebody else’s. Slowdowns are those of jobs that are always busy, and do not have it',
  },
);

export const InferenceSchema = Type.Object(
  {
    solo_ms: positive('mean time of one image alone on the accelerator: upload, compute and read-back'),
    batches: Type.Optional(
      Type.Object(
        { size: Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1 }), mean_ms: Type.Array(positive('mean solo time of the whole batch'), { minItems: 1 }) },
        { ...closed, description: 'measured solo times by batch size, ascending; a model without it is served one image at a time' },
      ),
    ),
    spread: Type.Optional(SpreadSchema),
    host_ms: Type.Optional(notNegative('part of every request spent on the host while it holds its worker (decode, dispatch), not slowed by neighbours; default 0')),
    after_idle: Type.Optional(AfterIdleSchema),
    parts: Type.Optional(
      Type.Object(
        { decode_ms: Type.Optional(notNegative('bringing an image to numbers')), upload_ms: Type.Optional(notNegative('bringing it to the device')), readback_ms: Type.Optional(notNegative('bringing the answer back')) },
        { ...closed, description: 'parts of solo_ms, where they could be told apart; a simulation does not look at them' },
      ),
    ),
    memory_mib: Type.Optional(notNegative('memory of one loaded worker; default 0')),
    accuracy: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'share of its answers that are right, as a fraction; needed where it is one of several variants' })),
    load_ms: Type.Optional(notNegative('time to start a worker and load the model; default 0')),
  },
  closed,
);

const Factor = Type.Object(
  {
    factor: positive('time beside the other over time alone'),
    interval95: Type.Optional(Type.Array(Type.Number(), { minItems: 2, maxItems: 2, description: '95 % interval of the factor; absent where too little was measured' })),
  },
  closed,
);

const EvaluationSchema = Type.Object(
  {
    batch_ms: positive('time of a batch of held-out images alone: a forward pass, and reading its images'),
    slows: Type.Optional(Type.Record(Type.String({ minLength: 1 }), Factor, { description: 'by inference model: how much the evaluation slows one job of it' })),
    slowed_by: Type.Optional(Type.Record(Type.String({ minLength: 1 }), Factor, { description: 'by inference model: how much one job of it slows the evaluation' })),
  },
  { ...closed, description: 'measured of the job while it evaluates held-out images, as before a deploy. It is stated, and not simulated: in a simulation a job trains from its start to its end' },
);

export const TrainingSchema = Type.Object(
  {
    batch: Type.Integer({ minimum: 1, description: 'training batch size' }),
    epoch_s: positive('seconds per epoch alone on the accelerator: all its steps, also a last one with fewer images'),
    step_ms: Type.Optional(positive('time of one step with a whole batch, alone. Nothing interrupts a step: a job that is told to pause goes on to the end of the one that it is at')),
    memory_mib: Type.Optional(notNegative('memory of the training process; default 0')),
    slice: Type.Optional(
      Type.Object(
        {
          busy: Type.Number({ minimum: 0, maximum: 1, description: 'fraction of time that the accelerator spends in a slice' }),
          length_ms: notNegative('longest wait for a running slice to end'),
        },
        { ...closed, description: 'non-preemptible slices: an inference that starts beside training waits for the rest of one with probability `busy`' },
      ),
    ),
    evaluation: Type.Optional(EvaluationSchema),
  },
  closed,
);

const ContentionSchema = Type.Union(Object.values(contentionModels).map((m) => m.parameters as TSchema));

const DrawSchema = Type.Object(
  {
    time: Type.Optional(classMap(positive('factor on the time alone'), 'factors on times alone by class; a class that is not named has 1')),
    contention: Type.Optional(ContentionSchema),
  },
  { ...closed, description: 'one of the equally likely alternatives to what the profile says; without `contention` that of the profile' },
);

export const ProfileSchema = Type.Object(
  {
    schema: Type.Optional(Type.Literal('corun/profile@1')),
    name: Type.Optional(Type.String({ minLength: 1 })),
    about: Type.Optional(Type.String()),
    accelerator: Type.Optional(
      Type.Object(
        {
          name: Type.String({ description: 'the device as its maker calls it' }),
          memory_mib: positive('memory that processes can see'),
          host_cores: Type.Optional(
            positive('processors that the host parts of requests share evenly when there are more requests than processors; unlimited if left out'),
          ),
          fixed_mib: Type.Optional(notNegative('taken before any job starts: driver, desktop; default 0')),
          power: Type.Optional(
            Type.Object(
              {
                active: Type.Array(Type.Integer({ minimum: 0 }), { minItems: 1, description: 'numbers of active processes that were measured, ascending from 0' }),
                mean_w: Type.Array(notNegative('mean power in W'), { minItems: 1, description: 'mean power at each of them' }),
              },
              { ...closed, description: 'power by the number of active processes, inference and training alike; constant beyond the last point' },
            ),
          ),
        },
        closed,
      ),
    ),
    source: Type.Optional(Type.Array(Type.String(), { description: 'where each number comes from' })),
    assumptions: Type.Optional(Type.Array(Type.String(), { description: 'what is not measured but assumed' })),
    models: Type.Record(Type.String({ minLength: 1 }), InferenceSchema),
    training: Type.Optional(Type.Record(Type.String({ minLength: 1 }), TrainingSchema)),
    contention: Type.Optional(ContentionSchema),
    turn_ms: Type.Optional(
      positive('processes that share the device take turns in stretches so long: beside neighbours an inference runs at full speed, and is interrupted for such a stretch again and again, as often as makes its slowdown; without it, it runs evenly'),
    ),
    calibration: Type.Optional(CalibrationSchema),
    shares: Type.Optional(
      Type.Object(
        {
          percent: Type.Array(Type.Number({ exclusiveMinimum: 0, maximum: 100 }), { minItems: 1, description: 'shares of the processors that a process can be started with, ascending to 100' }),
          stretch: Type.Optional(
            Type.Array(Type.Number({ minimum: 1 }), { description: 'time alone at each of them over the time with the whole accelerator; left out with contention model igniter, whose formula says it' }),
          ),
        },
        { ...closed, description: 'what a fixed share of the accelerator costs an inference, or a retraining job; without it policies that give shares are refused' },
      ),
    ),
    uncertainty: Type.Optional(
      Type.Object({ draws: Type.Array(DrawSchema, { minItems: 2, description: 'what else might be true, drawn from what the fit leaves open' }) }, { ...closed, description: 'how far the profile may be off; `interval95_model` of a comparison is made from it' }),
    ),
  },
  { ...closed, description: 'what was measured on one accelerator, and the contention model fitted to it' },
);

type Contention = { [K in keyof typeof contentionModels]: Static<(typeof contentionModels)[K]['parameters']> }[keyof typeof contentionModels];

/** What was measured on one accelerator. Without `accelerator` memory is unlimited; without `contention` neighbours cost nothing. */
export type Profile = Omit<Static<typeof ProfileSchema>, 'contention' | 'uncertainty'> & { contention?: Contention; uncertainty?: { draws: ProfileDraw[] } };
export interface ProfileDraw {
  time?: Record<string, number>;
  contention?: Contention;
}
export type InferenceProfile = Static<typeof InferenceSchema>;
export type EvaluationProfile = Static<typeof EvaluationSchema>;
export type TrainingProfile = Static<typeof TrainingSchema>;
