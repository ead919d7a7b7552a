import type { Bundle, Hired } from '../control/control.js';
import type { StageSpec, System } from '../control/system.js';
import { InputError } from '../input/error.js';
import type { Declared, DecisionKind, DecisionOf, PolicyDefinition, Shares, Topology } from '../policy/contract.js';
import { loadPolicy } from '../policy/load.js';
import { predictCoRun } from '../profile/co-run.js';
import type { Profile } from '../profile/schema.js';
import { legalShares } from '../profile/share-cost.js';
import { aloneMs, togetherMs } from '../profile/shares.js';
import { DEFAULT_SLICE_MS } from '../scenario/fine-tuning.js';
import { learningOf } from './learning.js';
import { stream, type Seed } from '../random/stream.js';
import type { PolicyChoice, ResolvedAlternative, Workload } from '../scenario/scenario.js';

/** Whether it is the built-in policy of that name; one of a researcher's own may be called the same. */
const neverRetrains = ({ policy, module }: PolicyChoice): boolean => policy === 'never' && module === undefined;

/** What there is to control in an alternative; a job that is never to run is not there, and takes neither memory nor an accelerator. */
export function systemOf({ scenario, accelerators, policies }: ResolvedAlternative): System {
  const siteIndex = (name: string) => scenario.sites.findIndex((site) => site.name === name);
  const knows = (site: number, model: string) => accelerators.some((a) => a.site === site && Object.hasOwn(a.profile.models, model));
  return {
    apps: scenario.workload.map(({ app, stages, slo_ms }) => ({
      name: app,
      sloMs: slo_ms ?? Infinity,
      stages: stages.map((stage) => stageOf(stage, (model, site) => (site === undefined ? scenario.sites.flatMap((_, i) => (knows(i, model) ? [i] : [])) : [siteIndex(site)]))),
    })),
    sites: scenario.sites.map(({ name, device }) => (device === true ? { name, device } : { name })),
    accelerators: accelerators.map(({ name, site, profile }) => ({ name, site, profile })),
    jobs: (neverRetrains(policies.retrain) ? [] : scenario.retraining).map(({ model, site, data, fine_tune }) => ({ model, site: siteIndex(site), ...((data ?? fine_tune) !== undefined && { leastStretchMs: fine_tune?.slice_ms ?? DEFAULT_SLICE_MS }) })),
    ...repositoryOf(scenario),
    supervision: supervisionOf(scenario.supervision),
    ...learningOf(scenario, neverRetrains(policies.retrain)),
  };
}

/** @param sitesOf the sites that may run a model, of which one may be named */
function stageOf({ model, site, variants }: Workload['stages'][number], sitesOf: (model: string, site?: string) => number[]): StageSpec {
  if (variants === undefined) return { model, sites: sitesOf(model, site) };
  const each = variants.map((variant) => ({ ...variant, sites: sitesOf(variant.model, variant.site ?? site) }));
  return { model, sites: [...new Set(each.flatMap(({ sites }) => sites))].sort((a, b) => a - b), variants: each.map(({ site: _, ...spec }) => spec) };
}

function repositoryOf({ repository, sites }: ResolvedAlternative['scenario']): Pick<System, 'repository'> {
  if (repository === undefined) return {};
  const versionOf = ({ at_s, size_mib, accuracy }: { at_s: number; size_mib: number; accuracy?: number }) => ({ atMs: at_s * 1000, sizeMiB: size_mib, ...(accuracy === undefined ? {} : { accuracy }) });
  return {
    repository: {
      models: repository.models.map(({ model, versions }) => ({ name: model, versions: versions.map(versionOf) })),
      capacityMiB: sites.map(({ storage_mib = Infinity }) => storage_mib),
    },
  };
}

function supervisionOf({ retries, restart_after_s, longest_restart_s, hang_after_s = Infinity }: ResolvedAlternative['scenario']['supervision']): System['supervision'] {
  return { retries, restartAfterMs: restart_after_s * 1000, longestRestartMs: longest_restart_s * 1000, hangAfterMs: hang_after_s * 1000 };
}

export type Definitions = { [K in DecisionKind]: PolicyDefinition<K> };

/** The definitions of an alternative's policies. @throws InputError if a researcher's own one is broken */
export async function definitionsOf({ policies }: ResolvedAlternative): Promise<Definitions> {
  return {
    route: await loadPolicy('route', policies.route),
    select: await loadPolicy('select', policies.select),
    dispatch: await loadPolicy('dispatch', policies.dispatch),
    retrain: await loadPolicy('retrain', policies.retrain),
    place: await loadPolicy('place', policies.place),
  };
}

/** Fresh policies for one run. */
export function hire(alternative: ResolvedAlternative, system: System, definitions: Definitions, seed: Seed, replication: number): Bundle {
  const { policies } = alternative;
  const one = <K extends DecisionKind>(kind: K, site: number | undefined): Hired<K> => {
    const definition = definitions[kind] as unknown as PolicyDefinition<K>;
    const random = stream(seed, replication, 'policy', kind, site ?? 'all');
    const topology = topologyOf(system, site);
    const decision: unknown = definition.create(structuredClone(policies[kind].options), { random, topology });
    if (typeof (decision as DecisionOf<K> | undefined)?.on !== 'function')
      throw new InputError(`the ${kind} policy ${definition.name}: create() must return an object with on(event, subject, nowMs, view, out), not a promise and not nothing`);
    return { definition, decision: decision as DecisionOf<K> & Declared };
  };
  return {
    route: one('route', undefined),
    place: one('place', undefined),
    select: system.sites.map((_, site) => one('select', site)),
    dispatch: system.sites.map((_, site) => one('dispatch', site)),
    retrain: system.sites.map((_, site) => one('retrain', site)),
  };
}

function sharesOf(profile: Profile): { shares?: Shares } {
  const percent = legalShares(profile);
  if (percent.length === 0) return {};
  return { shares: { percent, aloneMs: (workload) => aloneMs(profile, workload), togetherMs: (workloads, training) => togetherMs(profile, workloads, training) } };
}

/** What a policy of one site, or of the whole fleet, knows beforehand. */
function topologyOf(system: System, site: number | undefined): Topology {
  return {
    accelerators: system.accelerators.flatMap(({ name, site: at, profile }, id) => {
      if (site !== undefined && site !== at) return [];
      const asked = system.apps.flatMap(({ stages }) => stages.flatMap(({ model, sites, variants = [{ model, sites }] }) => variants.flatMap((variant) => (variant.sites.includes(at) ? [variant.model] : []))));
      const models = asked.filter((model) => Object.hasOwn(profile.models, model));
      return [{ id, name, site: at, models, coRun: (jobs: readonly string[], training: string | undefined) => predictCoRun(profile, jobs, training), ...sharesOf(profile) }];
    }),
  };
}
