import { Type, type Static } from '@sinclair/typebox';
import { faultKinds } from '../faults/fault.js';
import { ProfileSchema } from '../profile/schema.js';
import type { NamedSystem } from '../policy/named-system.js';
import { systems } from '../policy/systems.js';
import { arrivalsChoice, policyChoice, traceChoice } from './choices.js';
import { FineTuning } from './fine-tuning.js';
import { LearningSchema } from './learning.js';
import { metricNames, metrics } from './metrics.js';
import { RepositorySchema, storageField } from './repository.js';
import { TrainingImages } from './training-images.js';
import { variantsField } from './variants.js';
import { NetworkSchema, payloadFields, SiteNetworkSchema } from './network-schema.js';

const closed = { additionalProperties: false } as const;
const about = (description: string, examples?: unknown[]) => (examples === undefined ? { description } : { description, examples });
const positive = (description: string, examples?: unknown[]) => Type.Number({ exclusiveMinimum: 0, ...about(description, examples) });
const notNegative = (description: string, examples?: unknown[]) => Type.Number({ minimum: 0, ...about(description, examples) });
const name = (description: string, examples?: unknown[]) => Type.String({ minLength: 1, ...about(description, examples) });

const ClientsSchema = Type.Object(
  {
    count: Type.Integer({ minimum: 1, ...about('how many clients ask, each waiting for its answer before it asks again', [4]) }),
    think_ms: Type.Optional(Type.Number({ minimum: 0, default: 0, description: 'time between an answer and the next request, or its mean' })),
    think: Type.Optional(
      Type.Union([Type.Literal('fixed'), Type.Literal('exponential')], {
        default: 'exponential',
        description: 'whether think_ms is the same every time, or the mean',
      }),
    ),
    retry_after_ms: Type.Optional(
      Type.Number({ minimum: 1, default: 1000, description: 'shortest pause of a client whose request was turned away or failed' }),
    ),
    requests: Type.Optional(Type.Integer({ minimum: 1, description: 'requests per client; without it, clients ask until duration_s' })),
  },
  { ...closed, description: 'a closed loop' },
);

export const WorkloadSchema = Type.Object(
  {
    app: name('name of the app, unique', ['plants']),
    model: Type.Optional(name('the model that answers, as the profile names it', ['resnet50'])),
    variants: variantsField,
    stages: Type.Optional(
      Type.Array(
        Type.Object(
          {
            site: Type.Optional(name('only this site runs the stage; by default any site whose profile knows the model')),
            model: Type.Optional(name('the model of this stage')),
            variants: variantsField,
            output_bytes: Type.Optional(Type.Integer({ minimum: 1, ...about('bytes that it hands on to the next stage, where that one is at another site', [200_000]) })),
          },
          closed,
        ),
        { minItems: 1, description: 'several models in series, instead of `model` or `variants`; each has one of the two' },
      ),
    ),
    site: Type.Optional(name('only this site serves the app; by default any site whose profile knows the model')),
    slo_ms: Type.Optional(positive('an answer later than this after the request’s birth has missed its SLO', [250])),
    arrivals: Type.Optional(arrivalsChoice),
    trace: Type.Optional(traceChoice),
    clients: Type.Optional(ClientsSchema),
    ...payloadFields,
  },
  { ...closed, description: 'an app: who asks, when, and for what. Exactly one of model, variants and stages, and one of arrivals, trace and clients' },
);

const AcceleratorSchema = Type.Object(
  {
    name: Type.Optional(name('by default gpu0, gpu1, … within the site')),
    profile: Type.Union([name('path of a profile, relative to the scenario', ['../calibration/rtx3080ti.json']), ProfileSchema], {
      description: 'what was measured on it: the path of a profile, or the profile itself',
    }),
    count: Type.Optional(Type.Integer({ minimum: 0, default: 1, description: 'how many of them; 0 leaves it to an alternative to add some' })),
    price_usd_per_hour: Type.Optional(notNegative('price of one', [0.5])),
  },
  closed,
);

const SiteSchema = Type.Object(
  {
    name: name('name of the site, unique', ['edge']),
    accelerators: Type.Array(AcceleratorSchema, { minItems: 1, description: 'what serves and trains there' }),
    device: Type.Optional(
      Type.Boolean({ description: 'the phones of the clients: each runs its own requests only, without network, queue, neighbours or dispatch; its one accelerator says what such a phone is like' }),
    ),
    network: Type.Optional(SiteNetworkSchema),
    storage_mib: storageField,
  },
  { ...closed, description: 'a place with accelerators' },
);

const RetrainingSchema = Type.Object(
  {
    model: name('the model that is retrained, as the profile names it', ['resnet50']),
    batch: Type.Optional(Type.Integer({ minimum: 1, ...about('training batch size; by default the one that the profile has', [16]) })),
    site: Type.Optional(name('by default the first site whose profile knows the job')),
    app: Type.Optional(name('whose answers it improves; by default the apps that its model answers', ['plants'])),
    learning: Type.Optional(LearningSchema),
    data: Type.Optional(TrainingImages),
    fine_tune: Type.Optional(FineTuning),
  },
  { ...closed, description: 'a retraining job' },
);

const FaultSchema = Type.Object(
  {
    kill: Type.Optional(Type.Literal('worker', { description: faultKinds['kill worker'].about })),
    hang: Type.Optional(Type.Literal('worker', { description: faultKinds['hang worker'].about })),
    lose: Type.Optional(
      Type.Union(
        [
          Type.Literal('accelerator', { description: faultKinds['lose accelerator'].about }),
          Type.Literal('site', { description: faultKinds['lose site'].about }),
          Type.Literal('manager', { description: faultKinds['lose manager'].about }),
        ],
        { description: 'what vanishes, to return later or never' },
      ),
    ),
    cut: Type.Optional(Type.Literal('link', { description: faultKinds['cut link'].about })),
    fail: Type.Optional(Type.Literal('load', { description: faultKinds['fail load'].about })),
    at_s: Type.Optional(notNegative('when it happens, once', [120])),
    mean_every_s: Type.Optional(positive('instead of at_s: it happens again and again, this long after the last one was over in the mean (exponentially distributed)', [3600])),
    for_s: Type.Optional(positive('how long it lasts; for ever if left out', [30])),
    mean_for_s: Type.Optional(positive('instead of for_s: how long it lasts in the mean (exponentially distributed)', [30])),
    site: Type.Optional(name('only there; needed for a site or a link where there is more than one', ['edge'])),
    accelerator: Type.Optional(name('only this one, as `edge/gpu0`; any of them if left out', ['edge/gpu0'])),
    app: Type.Optional(name('only workers of this app')),
    direction: Type.Optional(
      Type.Union([Type.Literal('up'), Type.Literal('down'), Type.Literal('both')], { default: 'both', description: 'which direction of a link is cut' }),
    ),
  },
  { ...closed, description: 'one thing that breaks: exactly one of kill, hang, lose, cut and fail, and one of at_s and mean_every_s' },
);

const SupervisionSchema = Type.Object(
  {
    retries: Type.Optional(Type.Integer({ minimum: 0, default: 1, description: 'how often a stage of a request is tried again after its worker or its site was lost' })),
    restart_after_s: Type.Optional(Type.Number({ minimum: 0, default: 1, description: 'pause before a dead worker is started again; it doubles with each attempt in vain' })),
    longest_restart_s: Type.Optional(Type.Number({ minimum: 0.001, default: 60, description: 'longest pause between attempts' })),
    hang_after_s: Type.Optional(positive('a worker that has been at one batch or load for so long is killed; by default 10 s if a fault lets workers hang, else never')),
  },
  { ...closed, default: {}, description: 'what is done about processes that die or hang' },
);

const decisions = {
  route: Type.Optional(policyChoice('route', 'which site answers a request; default fixed')),
  select: Type.Optional(policyChoice('select', 'which of several variants of its model answers a request; default fixed')),
  dispatch: Type.Optional(policyChoice('dispatch', 'which request starts when, on which worker; default fcfs')),
  retrain: Type.Optional(policyChoice('retrain', 'when retraining runs; default continuous, or never if there is no retraining job')),
  place: Type.Optional(policyChoice('place', 'what is loaded where; default all-on-one')),
};

/** A planner decides nothing by itself, so it is no system of an alternative. */
const systemChoice = Type.Union(
  Object.values<NamedSystem>(systems).filter(({ fills }) => Object.keys(fills).length > 0).map(({ name, about }) => Type.Literal(name, { description: about })),
  { description: 'a published system, which fills the decisions that it is about; what the alternative itself says of a decision goes before it' },
);

const AlternativeSchema = Type.Object(
  {
    name: name('name of the alternative, unique', ['corun']),
    system: Type.Optional(systemChoice),
    ...decisions,
    set: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'other fields of the scenario that differ here, by path, for example sites.0.accelerators.0.count: 2; nothing (null) removes a field',
      }),
    ),
  },
  { ...closed, description: 'a full bundle of decisions, compared with the others' },
);

const Metric = (options: { description: string; default?: string }) =>
  Type.Union(
    metricNames.map((metric) => Type.Literal(metric, { description: metrics[metric].about })),
    options,
  );

const MeasureSchema = Type.Object(
  {
    primary: Type.Optional(Metric({ default: 'latency_p95_ms', description: 'the metric that decides which alternative is best, declared beforehand' })),
    metrics: Type.Optional(Type.Array(Metric({ description: 'a metric' }), { default: [], description: 'further metrics of which differences are wanted' })),
    replications: Type.Optional(
      Type.Object(
        {
          min: Type.Optional(Type.Integer({ minimum: 1, examples: [20], description: 'the first look at the precision; 20 if left out, or max if that is less' })),
          max: Type.Optional(Type.Integer({ minimum: 2, default: 200, description: 'no more than this; an interval needs two' })),
          relative_half_width: Type.Optional(
            Type.Number({
              exclusiveMinimum: 0,
              default: 0.02,
              description: 'it is precise enough when half the 95 % interval of the primary metric is no more than this share of its mean',
            }),
          ),
        },
        { ...closed, default: {}, description: 'how many runs with draws of their own' },
      ),
    ),
    parameter_draws: Type.Optional(
      Type.Integer({
        minimum: 0,
        default: 20,
        description: 'for `interval95_model`: so many draws of what the profiles leave open are simulated too, twice each; 0 for none. Profiles without `uncertainty` need none',
      }),
    ),
    warm_up: Type.Optional(
      Type.Union([Type.Literal('none'), Type.Literal('auto')], {
        description: 'whether the start is detected (MSER-5) and cut; by default only where every stream is stationary, never from a trace',
      }),
    ),
    drain_s: Type.Optional(
      notNegative('how long answers are still waited for after the last request; by default a minute, or ten times the longest SLO if that is more'),
    ),
  },
  { ...closed, default: {}, description: 'what is measured, and how precisely' },
);

/** `corun/scenario@1` as it is written. */
export const ScenarioSchema = Type.Object(
  {
    schema: Type.Literal('corun/scenario@1', { description: 'format and version of this file' }),
    title: Type.Optional(Type.String({ description: 'a line for the report' })),
    duration_s: Type.Optional(positive('how long generators and clients ask; a trace, or `requests`, bounds itself', [60])),
    workload: Type.Array(WorkloadSchema, { minItems: 1, description: 'the apps' }),
    network: Type.Optional(NetworkSchema),
    sites: Type.Array(SiteSchema, { minItems: 1, description: 'where requests are answered' }),
    repository: Type.Optional(RepositorySchema),
    retraining: Type.Optional(
      Type.Union([RetrainingSchema, Type.Array(RetrainingSchema)], { description: 'the retraining job beside the inference, or several of them' }),
    ),
    faults: Type.Optional(Type.Array(FaultSchema, { default: [], description: 'what breaks, and when; the same for all alternatives' })),
    supervision: Type.Optional(SupervisionSchema),
    extrapolation: Type.Optional(
      Type.Union([Type.Literal('refuse'), Type.Literal('label')], {
        default: 'refuse',
        description: 'what happens to an alternative that leaves the measured domain: refused, or predicted and labelled',
      }),
    ),
    ...decisions,
    alternatives: Type.Optional(Type.Array(AlternativeSchema, { minItems: 1, description: 'what is compared; without them one, named default' })),
    measure: Type.Optional(MeasureSchema),
    seed: Type.Optional(Type.Union([Type.Integer(), Type.String({ minLength: 1 })], { default: 1, description: 'the same seed gives the same bytes' })),
  },
  { ...closed, title: 'Corun scenario', description: 'who asks, who answers, and which ways of deciding are compared' },
);

/** A scenario file after validation, defaults filled in. */
export type ScenarioFile = Static<typeof ScenarioSchema>;
