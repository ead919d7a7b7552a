import { InputError } from '../../input/error.js';
import { didYouMean } from '../../input/nearest.js';
import { validate } from '../../input/validate.js';
import { loadProfile } from '../../profile/load.js';
import type { LoadedScenario } from '../../scenario/load.js';
import { resolveAlternatives } from '../../scenario/resolve.js';
import type { ResolvedAlternative } from '../../scenario/scenario.js';
import { ScenarioSchema, type ScenarioFile } from '../../scenario/schema.js';

/** The alternative of that name, or the first. @throws InputError with the nearest name */
export function alternativeNamed(alternatives: readonly ResolvedAlternative[], name: string | undefined): ResolvedAlternative {
  if (name === undefined) return alternatives[0];
  const names = alternatives.map((one) => one.name);
  const found = alternatives.find((one) => one.name === name);
  if (found === undefined) throw new InputError(`the scenario has no alternative "${name}"${didYouMean(name, names)} (known: ${names.join(', ')})`);
  return found;
}

/** What `corun serve` is told without a scenario. */
export interface ShortForm {
  /** Worker processes by app; each app is answered by the model of its name. */
  copies: Readonly<Record<string, number>>;
  dispatch: string;
  /** Solo time of each model, ms. */
  soloMs: Readonly<Record<string, number>>;
  /** Path of a measured profile, instead of `soloMs`. */
  profile?: string;
}

/** The scenario that the short form stands for: one site with one accelerator. @throws InputError for an unknown policy */
export async function scenarioOf({ copies, dispatch, soloMs, profile }: ShortForm): Promise<ResolvedAlternative> {
  const apps = Object.keys(copies);
  const processes = Object.values(copies).reduce((sum, n) => sum + n, 0);
  const known = profile === undefined ? { name: 'this machine', models: Object.fromEntries(apps.map((app) => [app, { solo_ms: soloMs[app] }])) } : await loadProfile(profile);
  const raw = {
    schema: 'corun/scenario@1',
    workload: apps.map((app) => ({ app, model: app, arrivals: { process: 'poisson', rate_rps: 1 } })),
    duration_s: 1,
    sites: [{ name: 'edge', accelerators: [{ profile: known, count: 1 }] }],
    // A policy that runs one at a time would leave further workers idle.
    dispatch: dispatch === 'fcfs' ? { policy: dispatch, k: processes } : dispatch,
    place: { policy: 'all-on-one', copies },
  };
  const { value, issues } = validate(ScenarioSchema, structuredClone(raw));
  if (issues.length > 0) throw new InputError(issues.map(({ path, sentence }) => `${path.join('.')}: ${sentence}`).join('\n'));
  const written = value as ScenarioFile;
  const loaded: LoadedScenario = { file: 'the options of serve', directory: process.cwd(), seed: 1, measure: written.measure as LoadedScenario['measure'], raw, written, locate: () => ({ label: 'the options of serve', line: 0, column: 0 }) };
  return (await resolveAlternatives(loaded))[0];
}
