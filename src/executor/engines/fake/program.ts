import { Type, type Static } from '@sinclair/typebox';
import { AfterIdleSchema, type Profile } from '../../../profile/schema.js';

const closed = { additionalProperties: false } as const;
const ms = (description: string) => Type.Number({ minimum: 0, description });

const Model = Type.Object(
  {
    solo_ms: ms('time of one image alone'),
    batches: Type.Optional(
      Type.Object(
        { size: Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1 }), mean_ms: Type.Array(Type.Number({ exclusiveMinimum: 0 }), { minItems: 1 }) },
        { ...closed, description: 'time of a batch alone by its size, ascending, as in a profile; without it n images take n times solo_ms' },
      ),
    ),
    after_idle: Type.Optional(AfterIdleSchema),
    load_ms: Type.Number({ minimum: 0, default: 0, description: 'time to load it' }),
    memory_mib: Type.Number({ minimum: 0, default: 0, description: 'what a loaded copy takes' }),
    input: Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1, default: [8, 8, 3], description: 'height, width and channels of an image' }),
    miscount: Type.Optional(
      Type.Object(
        { batches: Type.Integer({ minimum: 1, description: 'so many batches are answered wrongly, whichever processes they are at; then all is well' }), by: Type.Integer({ description: 'answers too many, or below 0 too few' }) },
        { ...closed, description: 'a fault: the number of answers is not that of images' },
      ),
    ),
    classes: Type.Integer({ minimum: 1, default: 10, description: 'length of the answer' }),
  },
  closed,
);

const Training = Type.Object(
  {
    epoch_ms: Type.Number({ exclusiveMinimum: 0, description: 'time of an epoch alone, as long as its data is there in time' }),
    slice_ms: Type.Number({ exclusiveMinimum: 0, default: 10, description: 'time of a slice alone; a pause waits for the end of one' }),
    loader_ms: Type.Number({ minimum: 0, default: 0, description: 'time to load the data of a slice, while the one before computes: no slice is shorter, and in the rest of it the accelerator is free' }),
    evaluate_ms: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: 'time of a batch of held-out images alone; that of a slice if left out' })),
    evaluate_batches: Type.Integer({ minimum: 1, default: 10, description: 'batches of the held-out images' }),
    memory_mib: Type.Number({ minimum: 0, default: 0, description: 'what the job takes' }),
    better: Type.Boolean({ default: true, description: 'whether what it learns is better on held-out images' }),
    shift: Type.Integer({ minimum: 0, default: 0, description: 'each deploy moves the answers by so many classes further; 0: it has no weights' }),
  },
  closed,
);

/** What a fake accelerator is told to be. */
export const FakeProgramSchema = Type.Object(
  {
    work: Type.Union([Type.Literal('sleep'), Type.Literal('spin')], { default: 'sleep', description: 'how a process spends its time: asleep, or keeping a processor busy' }),
    slowdown: Type.Array(Type.Number({ exclusiveMinimum: 0 }), {
      minItems: 1,
      default: [1],
      description: 'factor on all times while 1, 2, … processes are active; the last one holds for more',
    }),
    evaluate_slowdown: Type.Optional(
      Type.Array(Type.Number({ exclusiveMinimum: 0 }), { minItems: 1, description: 'in place of slowdown while one of the active processes evaluates' }),
    ),
    disturbance: Type.Optional(
      Type.Object(
        { every_ms: ms('from one disturbance to the next'), for_ms: ms('how long each lasts'), factor: Type.Number({ exclusiveMinimum: 0, description: 'on all times meanwhile' }) },
        { ...closed, description: 'another program on the machine, which comes and goes' },
      ),
    ),
    memory_mib: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: 'memory of the accelerator; unlimited if left out' })),
    fixed_mib: Type.Number({ minimum: 0, default: 0, description: 'taken before any process starts' }),
    models: Type.Record(Type.String({ minLength: 1 }), Model),
    training: Type.Record(Type.String({ minLength: 1 }), Training, { default: {} }),
    device: Type.Optional(Type.String({ description: 'folder in which the processes of one accelerator find each other; made for each server if left out' })),
  },
  { ...closed, description: 'a fake accelerator: programmed times, memory and slowdown, to test policies, servers and calibration with' },
);

export interface FakeProgram extends Static<typeof FakeProgramSchema> {
  /** A profile whose contention model says how processes slow each other down, instead of `slowdown`. */
  profile?: Profile;
  /** The programs of accelerators that are not like this one, by their number. */
  accelerators?: Readonly<Record<number, FakeProgram>>;
}
