import { Type, type Static } from '@sinclair/typebox';

const closed = { additionalProperties: false } as const;
const share = (description: string) => Type.Number({ minimum: 0, description });
const count = (description: string) => Type.Integer({ minimum: 0, description });
const anything = (description: string) => Type.Record(Type.String(), Type.Unknown(), { description });

const NoiseSchema = Type.Object(
  {
    verdict: Type.Union([Type.Literal('quiet'), Type.Literal('noisy'), Type.Literal('unknown')]),
    accepted: Type.Optional(Type.Literal(true, { description: 'the machine was noisy, and the user wanted a profile all the same' })),
    runs: count('solo runs that watched the machine'),
    spread: share('standard deviation of their medians about the trend, over the time alone'),
    drift: share('change of the trend from the first to the last, over the time alone'),
    worst: share('most that one of them was off'),
    row_cv: share('spread from one unit of work to the next within a run'),
    repeated: Type.Optional(
      Type.Object({ cells: count('cells, and jobs in them'), spread: share('standard deviation from one time to the next'), worst: Type.String({ description: 'what differed most' }) }, { ...closed, description: 'cells that were measured several times' }),
    ),
    limits: Type.Object({ spread: share('most spread of a quiet machine'), drift: share('most drift of a quiet machine') }, closed),
  },
  { ...closed, description: 'how quiet the machine was: the same work alone, measured from time to time' },
);

/** Where a measured profile comes from, so that it can be judged and made again. */
export const CalibrationSchema = Type.Object(
  {
    corun: Type.String({ description: 'version of the program' }),
    node: Type.String({ description: 'version of Node.js' }),
    begun: Type.String({ description: 'when measuring began, ISO 8601' }),
    ended: Type.String({ description: 'when it ended' }),
    backend: Type.String(),
    backend_version: Type.Optional(Type.String()),
    device: Type.String({ description: 'the device in the words of its driver' }),
    driver: Type.Optional(Type.String()),
    host: anything('processor, number of processors, memory, operating system'),
    requested: anything('what the user asked for'),
    resolved: anything('what that came to: presets filled in, shapes as the models said'),
    settings_sha256: Type.String({ description: 'of what was resolved' }),
    observations: Type.Object({ file: Type.String(), sha256: Type.String(), rows: count('rows of it') }, { ...closed, description: 'what the profile was fitted to' }),
    sessions: count('starts of the program that it took'),
    noise: NoiseSchema,
    cells: Type.Object(
      {
        measured: count('cells that were measured'),
        failed: Type.Array(Type.Object({ cell: Type.String(), why: Type.String() }, closed), { description: 'cells that could not be measured' }),
        left_out: Type.Array(Type.String(), { description: 'cells for which there was no time' }),
        not_steady: Type.Array(Type.String(), { description: 'cells in which no end of warming up was seen' }),
        disturbed: Type.Optional(Type.Array(Type.String(), { description: 'cells that were kept though others took too much of the processors each time' })),
        imprecise: Type.Array(Type.String(), { description: 'cells that ended before their medians were known as precisely as was asked for' }),
      },
      closed,
    ),
    training: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Object(
          {
            slowed: share('slowdown of the training beside one inference, the least over the models'),
            slows: share('slowdown of one inference beside the training, the most over the models'),
            waits_for: Type.Union([Type.Literal('accelerator'), Type.Literal('loader'), Type.Literal('unknown')], { description: 'what decides how fast it is: a job that slows others and is not slowed waits for its loader' }),
          },
          closed,
        ),
        { description: 'by training job as model:batch' },
      ),
    ),
    memory: Type.Optional(Type.Record(Type.String(), Type.Object({ loaded: count('processes that were loaded'), full: Type.Boolean({ description: 'whether a further one ran out of memory' }) }, closed), { description: 'how many processes of a model fit' })),
  },
  { ...closed, description: 'how the profile was measured' },
);

export type CalibrationRecord = Static<typeof CalibrationSchema>;
