import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '../input/error.js';
import { inputError, layered, type Issue, type Issues, type Locate } from '../input/issue.js';
import { startsWith, type Path } from '../input/path.js';
import { validate } from '../input/validate.js';
import type { DecisionKind } from '../policy/contract.js';
import type { NamedSystem } from '../policy/named-system.js';
import { loadPolicy, MODULE_PATH, policyOptions, type PolicyChoice } from '../policy/load.js';
import { systems } from '../policy/systems.js';
import { loadProfile, type NamedProfile } from '../profile/load.js';
import { metricIssues, modelIssues, retrainingOf, workloadIssues } from './check.js';
import { faultIssues } from './faults.js';
import { repositoryIssues } from './repository.js';
import { variantIssues } from './variants.js';
import { beside, type LoadedScenario } from './load.js';
import { networkIssues } from './network.js';
import { normalForm, type ReadProfile } from './normal-form.js';
import type { ResolvedAlternative, Scenario } from './scenario.js';
import { ScenarioSchema, type ScenarioFile } from './schema.js';
import { applySettings, settingsOf } from './set.js';

type Written = string | ({ policy: string } & Record<string, unknown>);

const KINDS: readonly DecisionKind[] = ['route', 'select', 'dispatch', 'retrain', 'place'];

function defaultPolicy(kind: DecisionKind, scenario: Scenario): string {
  if (kind === 'retrain') return scenario.retraining.length > 0 ? 'continuous' : 'never';
  return { route: 'fixed', select: 'fixed', dispatch: 'fcfs', place: 'all-on-one' }[kind];
}

/** The name or the module of a choice, with its options checked against the policy's own schema. */
async function policyOf(
  kind: DecisionKind,
  written: Written,
  path: Path,
  directory: string,
): Promise<{ choice: PolicyChoice; issues: Issue[] }> {
  const { policy, ...given } = typeof written === 'string' ? { policy: written } : written;
  const module = new RegExp(MODULE_PATH).test(policy) ? pathToFileURL(resolve(directory, policy)).href : undefined;
  try {
    const definition = await loadPolicy(kind, module === undefined ? { policy } : { policy, module });
    const { options, issues } = policyOptions(definition, given, path);
    const choice = { policy: definition.name, options };
    return { choice: module === undefined ? choice : { ...choice, module }, issues };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { choice: { policy, options: given }, issues: [{ path, at: 'value', sentence: error.message }] };
  }
}

/** One entry per accelerator, `count` expanded: `edge/gpu0`, `edge/gpu1`, or by their own name. */
function acceleratorsOf(scenario: Scenario): { accelerators: ResolvedAlternative['accelerators']; issues: Issue[] } {
  const accelerators: ResolvedAlternative['accelerators'] = [];
  const issues: Issue[] = [];
  for (const [site, { name: siteName, accelerators: kinds }] of scenario.sites.entries()) {
    let unnamed = 0;
    for (const [a, { name: own, profile, count, price_usd_per_hour: priceUsdPerHour }] of kinds.entries()) {
      for (let i = 0; i < count; i++) {
        const name = `${siteName}/${own === undefined ? `gpu${unnamed++}` : count === 1 ? own : `${own}${i}`}`;
        const sentence = `a second accelerator named ${name}, each needs a name of its own`;
        if (accelerators.some((other) => other.name === name)) issues.push({ path: ['sites', site, 'accelerators', a, 'name'], at: 'value', sentence });
        accelerators.push({ site, name, profile, ...(priceUsdPerHour === undefined ? {} : { priceUsdPerHour }) });
      }
    }
  }
  return { accelerators, issues };
}

const modelNames = ({ sites }: Pick<Scenario, 'sites'>): string[] => [...new Set(sites.flatMap(({ accelerators }) => accelerators.flatMap(({ profile }) => Object.keys(profile.models))))];

interface Outcome extends Issues {
  alternative?: ResolvedAlternative;
}

/** Settings of one alternative applied to the scenario as it was written, then everything that it refers to. */
async function resolveOne(loaded: LoadedScenario, index: number | undefined, readProfile: ReadProfile): Promise<Outcome> {
  const raw = structuredClone(loaded.raw);
  const own = index === undefined ? undefined : loaded.written.alternatives![index];
  const at: Path = index === undefined ? [] : ['alternatives', index];
  const settings = settingsOf(own?.set ?? {}, at, (path) => loaded.locate(path, 'key'));
  const locate: Locate = layered(loaded.locate, settings);
  const unset = await applySettings(ScenarioSchema, raw, settings, true, readProfile);
  if (unset.length > 0) return { issues: unset, locate: (path, where) => settings.find((s) => startsWith(s.path, path))?.place ?? locate(path, where) };
  const { value, issues } = validate(ScenarioSchema, raw);
  if (issues.length > 0) return { issues, locate };
  const written = value as ScenarioFile;

  const { draft, issues: found } = await normalForm(written, loaded.directory, readProfile);
  found.push(...workloadIssues(written), ...networkIssues(written));
  // Without its profiles nothing can be said about what they know.
  const profilesRead = !found.some((issue) => issue.path[0] === 'sites' && issue.path.includes('profile'));
  if (profilesRead) found.push(...modelIssues(draft, written), ...variantIssues(draft, written), ...repositoryIssues(written, modelNames(draft)));
  const { retraining, issues: unknownJobs } = retrainingOf(draft);
  if (profilesRead) found.push(...unknownJobs);
  const scenario: Scenario = { ...draft, retraining };
  const { accelerators, issues: sameName } = acceleratorsOf(scenario);
  found.push(...sameName);
  // Which accelerators there are is known once the sites are.
  if (!found.some((issue) => issue.path[0] === 'sites')) found.push(...faultIssues(written, accelerators));

  const policies = {} as Record<DecisionKind, PolicyChoice>;
  for (const kind of KINDS) {
    const chosen = (own as Partial<Record<DecisionKind, Written>> | undefined)?.[kind];
    const general = (written as Partial<Record<DecisionKind, Written>>)[kind];
    const filled = own?.system === undefined ? undefined : (systems as Record<string, NamedSystem>)[own.system].fills[kind];
    const path = chosen !== undefined ? [...at, kind] : filled !== undefined ? [...at, 'system'] : [kind];
    const { choice, issues: wrong } = await policyOf(kind, chosen ?? filled ?? general ?? defaultPolicy(kind, scenario), path, loaded.directory);
    policies[kind] = choice;
    found.push(...wrong);
  }
  if (found.length > 0) return { issues: found, locate };
  return { issues: [], locate, alternative: { name: own?.name ?? 'default', scenario, accelerators, policies } };
}

/**
 * What each alternative of a scenario consists of: its settings applied, profiles read, policies and their options
 * checked. Without `alternatives` there is one, named `default`.
 *
 * @throws InputError that names every mistake of all alternatives
 */
export async function resolveAlternatives(loaded: LoadedScenario): Promise<ResolvedAlternative[]> {
  const profiles = new Map<string, Promise<NamedProfile>>();
  const readProfile: ReadProfile = (file) => {
    const path = beside(loaded.file, file);
    let profile = profiles.get(path);
    if (profile === undefined) profiles.set(path, (profile = loadProfile(path)));
    return profile;
  };
  const outcomes: Outcome[] = [];
  const count = loaded.written.alternatives?.length;
  if (count === undefined) outcomes.push(await resolveOne(loaded, undefined, readProfile));
  else for (let i = 0; i < count; i++) outcomes.push(await resolveOne(loaded, i, readProfile));
  const wrong = outcomes.filter((outcome) => outcome.issues.length > 0);
  if (wrong.length > 0) throw inputError(...wrong);

  const alternatives = outcomes.map((outcome) => outcome.alternative!);
  const issues = metricIssues(alternatives);
  if (issues.length > 0) throw inputError({ issues, locate: loaded.locate });
  // The cut is common to all alternatives: if one of them must not be cut, none is.
  if (alternatives.some(({ scenario }) => scenario.measure.warm_up === 'none')) for (const { scenario } of alternatives) scenario.measure.warm_up = 'none';
  return alternatives;
}
