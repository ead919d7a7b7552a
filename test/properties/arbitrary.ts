import fc, { type Arbitrary } from 'fast-check';
import { faultKindNames, faultKinds, type Fault } from '../../src/faults/fault.js';
import type { Link, NamedProfile, ResolvedAlternative, Supervision, Workload } from '../../src/scenario/scenario.js';
import { alternative, type Choice, type Setup } from '../simulator/alternative.js';

/** Random scenarios, small enough that hundreds of them run in seconds: at most a few hundred requests each. */

const ms = (min: number, max: number): Arbitrary<number> => fc.integer({ min: min * 8, max: max * 8 }).map((eighths) => eighths / 8);
const optional = <T>(arbitrary: Arbitrary<T>): Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

const spread: Arbitrary<NamedProfile['models'][string]['spread']> = fc.oneof(
  fc.constant(undefined),
  fc.constant({ distribution: 'exponential' as const }),
  fc.record({ distribution: fc.constant('two-point' as const), low: fc.constantFrom(0, 0.25, 0.75), p_low: fc.constantFrom(0.1, 0.5, 0.9) }),
  fc.record({ distribution: fc.constant('lognormal' as const), cv: fc.constantFrom(0.05, 0.5, 2) }),
);

const model: Arbitrary<NamedProfile['models'][string]> = fc.record(
  {
    solo_ms: ms(1, 20),
    spread,
    host_ms: ms(0, 5),
    memory_mib: fc.constantFrom(0, 500, 1500),
    load_ms: ms(0, 40),
    batches: fc.constant({ size: [2, 4], mean_ms: [24, 30] }),
  },
  { requiredKeys: ['solo_ms'] },
);

const training: Arbitrary<NonNullable<NamedProfile['training']>[string]> = fc.record(
  { batch: fc.constant(16), epoch_s: fc.constantFrom(0.05, 0.3, 2), memory_mib: fc.constantFrom(0, 1000), slice: fc.record({ busy: fc.constantFrom(0, 0.4, 1), length_ms: ms(0, 6) }) },
  { requiredKeys: ['batch', 'epoch_s'] },
);

const contention: Arbitrary<NamedProfile['contention']> = fc.constantFrom<NamedProfile['contention'][]>(
  undefined,
  { model: 'none' },
  {
    model: 'table',
    inference: { jobs: [1, 2, 4], slowdown: [1, 1.5, 3.25] },
    inference_beside_training: { t: 1.25 },
    training: { t: { jobs: [0, 1, 3], slowdown: [1, 1.125, 2] } },
    beside_loading: 1.5,
  },
  {
    model: 'mix',
    groups: [
      { active: { 'inference:m': 2 }, slowdown: { 'inference:m': 1.75 } },
      { active: { 'inference:m': 1, 'inference:n': 1 }, slowdown: { 'inference:m': 1.25, 'inference:n': 1.5 } },
      { active: { 'inference:m': 1, 'training:t': 1 }, slowdown: { 'inference:m': 1.5, 'training:t': 2 } },
    ],
  },
);

/** A profile that knows the models m and n, and the retraining of t. */
export const profile: Arbitrary<NamedProfile> = fc
  .record({
    m: model,
    n: model,
    t: training,
    contention,
    accelerator: optional(
      fc.record(
        { name: fc.constant('synthetic'), memory_mib: fc.constantFrom(3000, 8000, 24_000), fixed_mib: fc.constantFrom(0, 700), host_cores: fc.constantFrom(1, 2) },
        { requiredKeys: ['name', 'memory_mib'] },
      ),
    ),
  })
  .map(({ m, n, t, contention: c, accelerator }) => ({ name: 'synthetic', models: { m, n }, training: { t }, contention: c, accelerator }));

const arrivals: Arbitrary<NonNullable<Workload['arrivals']>> = fc.oneof(
  fc.record({ process: fc.constant('poisson'), rate_rps: fc.constantFrom(10, 60, 200), requests: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ process: fc.constant('gamma'), rate_rps: fc.constantFrom(10, 60, 200), cv: fc.constantFrom(0.5, 3), requests: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ process: fc.constant('even'), rate_rps: fc.constantFrom(10, 64, 200), requests: fc.integer({ min: 1, max: 60 }) }),
);

const clients: Arbitrary<NonNullable<Workload['clients']>> = fc.record({
  count: fc.integer({ min: 1, max: 4 }),
  think_ms: fc.constantFrom(0, 10, 50),
  think: fc.constantFrom('fixed' as const, 'exponential' as const),
  retry_after_ms: fc.constantFrom(1, 100),
  requests: fc.integer({ min: 1, max: 15 }),
});

const asks = (open: boolean): Arbitrary<Pick<Workload, 'arrivals' | 'clients'>> =>
  open ? arrivals.map((a) => ({ arrivals: a })) : fc.oneof(arrivals.map((a) => ({ arrivals: a })), clients.map((c) => ({ clients: c })));

const sloMs = fc.constantFrom(undefined, 15, 60, 250);

/** One to three apps; with two sites, some of them have two stages, at the sites edge and annex. @param open without closed-loop clients */
export function workload(sites: number, open = false): Arbitrary<Workload[]> {
  const anywhere: Arbitrary<Workload['stages']> = fc.constantFrom('m', 'n').map((name) => [{ model: name }]);
  const inSeries = fc.constant<Workload['stages']>([
    { model: 'm', site: 'edge' },
    { model: 'n', site: 'annex' },
  ]);
  const app = fc.tuple(sites > 1 ? fc.oneof(anywhere, inSeries) : anywhere, asks(open), sloMs);
  return fc
    .array(app, { minLength: 1, maxLength: 3 })
    .map((apps) => apps.map(([stages, asked, slo], i) => ({ app: `app ${i}`, stages, ...asked, ...(slo === undefined ? {} : { slo_ms: slo }) })));
}

const queueLimit = fc.constantFrom({}, { queue_limit: 0 }, { queue_limit: 5 });

/** Any dispatch policy with options of its own. */
export const dispatch: Arbitrary<Choice> = fc.oneof(
  fc.record({ policy: fc.constant('fcfs'), k: fc.integer({ min: 1, max: 4 }) }).chain((c) => queueLimit.map((limit) => ({ ...c, ...limit }))),
  fc
    .record({ policy: fc.constant('edf'), k: fc.integer({ min: 1, max: 3 }), drop_hopeless: fc.boolean() })
    .chain((c) => queueLimit.map((limit) => ({ ...c, ...limit }))),
  fc
    .record({ policy: fc.constant('batch'), max_batch: fc.integer({ min: 1, max: 8 }), max_delay_ms: ms(0, 30), k: fc.integer({ min: 1, max: 2 }) })
    .chain((c) => queueLimit.map((limit) => ({ ...c, ...limit }))),
  fc.record({ policy: fc.constant('corun'), latency_tolerance: fc.constantFrom(0.5, 1, 3), epoch_tolerance: fc.constantFrom(1, 3), k_cap: fc.integer({ min: 1, max: 6 }) }),
  fc.constant({ policy: 'unlimited' }),
  fc.constant({ policy: 'reject-all' }),
);

export const retrain: Arbitrary<Choice> = fc.oneof(
  fc.constant('never'),
  fc.constant('continuous'),
  ms(0, 20).map((quiet_ms) => ({ policy: 'when-idle', quiet_ms })),
  fc.record({ policy: fc.constant('windows'), every_s: fc.constantFrom(0.05, 0.3), for_s: fc.constantFrom(0.02, 0.3), offset_s: fc.constantFrom(0, 0.1) }),
);

const place: Arbitrary<Choice> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Choice>('all-on-one') },
  { weight: 1, arbitrary: fc.constant<Choice>({ policy: 'all-on-one', copies: 2 }) },
  { weight: 1, arbitrary: fc.constant<Choice>('one-task-per-accelerator') },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 3 }).map((processes): Choice => ({ policy: 'on-demand', processes })) },
);

const delay: Arbitrary<Link> = fc.oneof(
  ms(0, 20).map((fixed_ms) => ({ fixed_ms })),
  fc.record({ mean_ms: ms(0, 20), sd_ms: ms(0, 10) }).map((normal) => ({ normal })),
  ms(1, 20).map((longest): Link => ({ survival: [[0, 1], [longest / 2, 0.2], [longest, 0]] })),
);
const bottleneck: Arbitrary<Link> = fc.record({ rate_mbps: fc.constantFrom(0.5, 3, 20), queue_packets: fc.constantFrom(1, 5, 100) }, { requiredKeys: ['rate_mbps'] });
const link: Arbitrary<Link> = fc.oneof({ weight: 3, arbitrary: delay }, bottleneck, fc.tuple(delay, bottleneck).map(([a, b]) => ({ ...a, ...b })));
const links = fc.record({ up: link, down: link }, { requiredKeys: [] });
const network = fc.record({ up: link, down: link, between_sites: link, cells: fc.record({ north: links }) }, { requiredKeys: [] });
/** What phones share and send. */
const phones = fc.record({ cell: fc.constantFrom('north', 'south'), upload_bytes: fc.integer({ min: 1, max: 6000 }), answer_bytes: fc.integer({ min: 1, max: 2000 }) }, { requiredKeys: [] });

/** The part of a scenario that alternatives share: who asks, where, over which network. */
export interface Surroundings extends Pick<Setup, 'workload' | 'network' | 'siteNetworks' | 'durationS' | 'seed' | 'measure'> {
  sites: Record<string, NamedProfile[]>;
  retraining: string[];
}

export function surroundings(open = false): Arbitrary<Surroundings> {
  return fc.integer({ min: 1, max: 2 }).chain((siteCount) => {
    const site = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constant(4)).chain((count) => profile.map((p) => Array.from({ length: count }, () => p)));
    const sites: Arbitrary<Record<string, NamedProfile[]>> = siteCount === 1 ? fc.record({ edge: site }) : fc.record({ edge: site, annex: site });
    return fc.record({
      sites,
      workload: fc.tuple(workload(siteCount, open), fc.array(phones, { minLength: 3, maxLength: 3 })).map(([apps, each]) => apps.map((app, i) => ({ ...app, ...each[i] }))),
      durationS: fc.constantFrom(undefined, 0.2, 1),
      retraining: fc.constantFrom<string[]>([], ['t']),
      network,
      siteNetworks: fc.array(fc.option(links, { nil: undefined }), { maxLength: siteCount }),
      measure: fc.constantFrom({}, { drain_s: 0.05 }),
      seed: fc.integer({ min: 0, max: 1_000_000 }),
    }).map((around) => (around.workload.some((w) => w.clients) ? { ...around, durationS: around.durationS ?? 1 } : around));
  });
}

/** The same with delays alone: without queues before links, in which requests would wait for each other. */
export function delaysAlone(around: Surroundings): Surroundings {
  const without = <T>(links: T): T => JSON.parse(JSON.stringify(links, (key, value: unknown) => (key === 'rate_mbps' || key === 'queue_packets' ? undefined : value))) as T;
  return { ...around, network: without(around.network ?? {}), siteNetworks: around.siteNetworks?.map((links) => links && without(links)) };
}

/** The part in which alternatives differ. */
export const decisions: Arbitrary<Pick<Setup, 'dispatch' | 'retrain' | 'place' | 'route'>> = fc.record({
  dispatch,
  retrain,
  place,
  route: fc.constantFrom<Choice[]>('fixed', 'spread'),
});

export const scenario: Arbitrary<ResolvedAlternative> = fc
  .tuple(surroundings(), decisions)
  .map(([around, decided]) => alternative({ ...around, ...decided, extrapolation: 'label' }));

const faultTarget = (kind: Fault['kind'], sites: readonly string[]): Arbitrary<Partial<Fault>> => {
  const site = fc.constantFrom(...sites);
  switch (kind) {
    case 'lose site':
      return fc.record({ site });
    case 'cut link':
      return fc.record({ site, direction: fc.constantFrom('up' as const, 'down' as const, 'both' as const) });
    case 'lose accelerator':
      return fc.oneof(fc.constant({}), site.map((name) => ({ site: name, accelerator: `${name}/gpu0` })));
    default:
      return fc.record({ site, app: fc.constant('app 0') }, { requiredKeys: [] });
  }
};

/** What breaks in a run of about a second: once or again and again, for a while or for ever. */
export function faults(sites: readonly string[]): Arbitrary<Fault[]> {
  const fault = fc.constantFrom(...faultKindNames).chain((kind) =>
    fc
      .record({
        when: fc.oneof(ms(0, 400).map((atMs) => ({ atMs })), fc.constantFrom(20, 150).map((meanEveryMs) => ({ meanEveryMs }))),
        lasts: fc.oneof(fc.constant(undefined), ms(1, 100).map((forMs) => ({ forMs })), fc.constantFrom(5, 80).map((meanForMs) => ({ meanForMs }))),
        target: faultTarget(kind, sites),
      })
      .map(({ when, lasts, target }): Fault => ({ kind, when, ...(faultKinds[kind].lasts && lasts !== undefined ? { lasts } : {}), ...target })),
  );
  return fc.array(fault, { minLength: 1, maxLength: 5 });
}

const supervision: Arbitrary<Partial<Supervision>> = fc.record(
  { retries: fc.integer({ min: 0, max: 3 }), restart_after_s: fc.constantFrom(0, 0.01, 0.2), longest_restart_s: fc.constantFrom(0.01, 0.3), hang_after_s: fc.constantFrom(0.05, 0.3) },
  { requiredKeys: ['restart_after_s', 'longest_restart_s'] },
);

/** A random scenario in which things break. */
export const faultyScenario: Arbitrary<ResolvedAlternative> = fc
  .tuple(surroundings(), decisions, supervision)
  .chain(([around, decided, watched]) =>
    faults(Object.keys(around.sites)).map((script) =>
      // Without an end of the run, clients whose site is gone for good would ask for ever.
      alternative({ ...around, durationS: around.durationS ?? 1, measure: { drain_s: 0.3 }, ...decided, faults: script, supervision: watched, extrapolation: 'label' }),
    ),
  );
