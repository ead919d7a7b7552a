import type { TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Fault } from '../../src/faults/fault.js';
import type { DecisionKind } from '../../src/policy/contract.js';
import { policies } from '../../src/policy/policies.js';
import type { Links, Measure, NamedProfile, Network, PolicyChoice, Repository, ResolvedAlternative, Supervision, Workload } from '../../src/scenario/scenario.js';

/** A policy with the options that matter to a test; the defaults of its schema fill the rest. */
export type Choice = string | { policy: string; [option: string]: unknown };

export interface Setup {
  workload: Workload[];
  /** One site with one accelerator per profile, or several sites. */
  sites: NamedProfile | NamedProfile[] | Record<string, NamedProfile[]>;
  retraining?: string | string[];
  route?: Choice;
  select?: Choice;
  dispatch?: Choice;
  retrain?: Choice;
  place?: Choice;
  durationS?: number;
  faults?: Fault[];
  supervision?: Partial<Supervision>;
  network?: Network;
  /** Names of the sites that are devices. */
  devices?: string[];
  /** Links of the sites, in their order. */
  siteNetworks?: (Links | undefined)[];
  repository?: Repository;
  /** Storage of the sites, in their order. */
  storageMiB?: (number | undefined)[];
  extrapolation?: 'refuse' | 'label';
  measure?: Partial<Measure>;
  seed?: number | string;
}

/** An alternative made in code. Without policies of its own: fcfs with k = 1, all on one, continuous retraining of what is there to retrain. */
export function alternative(setup: Setup): ResolvedAlternative {
  const { workload, durationS, network = {}, extrapolation = 'refuse', seed = 1 } = setup;
  const given = Array.isArray(setup.sites) ? { edge: setup.sites } : 'models' in setup.sites ? { edge: [setup.sites as NamedProfile] } : setup.sites;
  const sites = Object.entries(given);
  const trained = typeof setup.retraining === 'string' ? [setup.retraining] : (setup.retraining ?? []);
  return {
    name: 'test',
    scenario: {
      schema: 'corun/scenario@1',
      duration_s: durationS,
      workload,
      network,
      sites: sites.map(([name, profiles], i) => ({ name, ...(setup.devices?.includes(name) ? { device: true } : {}), accelerators: profiles.map((profile) => ({ profile, count: 1 })), ...(setup.siteNetworks?.[i] === undefined ? {} : { network: setup.siteNetworks[i] }), ...(setup.storageMiB?.[i] === undefined ? {} : { storage_mib: setup.storageMiB[i] }) })),
      ...(setup.repository === undefined ? {} : { repository: setup.repository }),
      retraining: trained.map((model) => ({ model, batch: 16, site: sites[0][0] })),
      faults: setup.faults ?? [],
      supervision: { retries: 1, restart_after_s: 1, longest_restart_s: 60, ...setup.supervision },
      extrapolation,
      measure: { primary: 'latency_mean_ms', metrics: [], replications: { min: 20, max: 20, relative_half_width: 0.02 }, parameter_draws: 20, warm_up: 'none', ...setup.measure },
      seed,
    },
    accelerators: sites.flatMap(([name, profiles], site) => profiles.map((profile, i) => ({ site, name: `${name}/gpu${i}`, profile }))),
    policies: {
      route: choice('route', setup.route ?? 'fixed'),
      select: choice('select', setup.select ?? 'fixed'),
      dispatch: choice('dispatch', setup.dispatch ?? 'fcfs'),
      retrain: choice('retrain', setup.retrain ?? (trained.length > 0 ? 'continuous' : 'never')),
      place: choice('place', setup.place ?? 'all-on-one'),
    },
  };
}

function choice(kind: DecisionKind, given: Choice): PolicyChoice {
  const { policy, ...options } = typeof given === 'string' ? { policy: given } : given;
  const definition = (policies[kind] as Record<string, { options: object }>)[policy];
  return { policy, options: Value.Default(definition.options as TSchema, options) as Record<string, unknown> };
}

/** A Poisson stream of one-stage requests of the model `m`. */
export const poisson = (rateRps: number, requests?: number, app = 'a', model = 'm'): Workload => ({
  app,
  stages: [{ model }],
  arrivals: { process: 'poisson', rate_rps: rateRps, ...(requests === undefined ? {} : { requests }) },
});

/** Closed-loop clients of the model `m`. */
export const clients = (count: number, thinkMs: number, think: 'fixed' | 'exponential', requests?: number): Workload => ({
  app: 'a',
  stages: [{ model: 'm' }],
  clients: { count, think_ms: thinkMs, think, retry_after_ms: 1000, ...(requests === undefined ? {} : { requests }) },
});

/** A profile that knows one model, `m`. */
export const profileOf = (model: NamedProfile['models'][string], rest: Partial<NamedProfile> = {}): NamedProfile => ({
  name: 'synthetic',
  models: { m: model },
  ...rest,
});
