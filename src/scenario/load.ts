import { dirname, isAbsolute, join, resolve } from 'node:path';
import { assignment } from '../input/assignment.js';
import { readDocument } from '../input/document.js';
import { inputError, layered, type Issue, type Locate } from '../input/issue.js';
import { parsePath, valueAt } from '../input/path.js';
import { validate } from '../input/validate.js';
import { policies } from '../policy/policies.js';
import { loadProfile } from '../profile/load.js';
import type { Measure } from './scenario.js';
import { ScenarioSchema, type ScenarioFile } from './schema.js';
import { applySettings, type Setting } from './set.js';

/** A scenario file that fits the schema, with `--set` applied. What it refers to is looked at by `resolveAlternatives`. */
export interface LoadedScenario {
  /** As the user named it. */
  file: string;
  /** Absolute; the paths in the scenario are relative to it. */
  directory: string;
  title?: string;
  seed: number | string;
  /** As declared; whether a warm-up is cut by default is known once the alternatives are resolved. */
  measure: Omit<Measure, 'warm_up'>;
  /** As written, without defaults. */
  raw: unknown;
  /** With defaults. */
  written: ScenarioFile;
  locate: Locate;
}

/** A path in a scenario, as the user would name it from where they are. */
export function beside(scenarioFile: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(scenarioFile), path);
}

/** Reads `path=value` as given to `--set`; the value is YAML. */
function overrideOf(text: string): Setting {
  const { name, value } = assignment('--set', text, 'sites.0.accelerators.0.count=2');
  return { path: parsePath(name), value, place: { label: '--set', line: 0, column: 0 } };
}

/** A policy's name under the wrong decision is not unknown, it is misplaced. */
function policyElsewhere(issue: Issue, raw: unknown): Issue {
  const name = valueAt(raw, issue.path);
  const path = issue.path.at(-1) === 'policy' ? issue.path.slice(0, -1) : issue.path;
  const wrong = path.at(-1);
  if (typeof name !== 'string' || typeof wrong !== 'string' || !Object.hasOwn(policies, wrong)) return issue;
  const right = Object.entries(policies).find(([kind, known]) => kind !== wrong && Object.hasOwn(known, name))?.[0];
  return right === undefined ? issue : { ...issue, sentence: `${name} is a ${right} policy; write ${right}: instead of ${wrong}:` };
}

function duplicateAlternatives(written: ScenarioFile): Issue[] {
  const names = (written.alternatives ?? []).map((alternative) => alternative.name);
  return names.flatMap((name, i) =>
    names.indexOf(name) < i
      ? [{ path: ['alternatives', i, 'name'], at: 'value' as const, sentence: `a second alternative named ${name}, each needs a name of its own` }]
      : [],
  );
}

function replicationIssues({ measure }: ScenarioFile): Issue[] {
  const { min = 0, max = Infinity } = measure?.replications ?? {};
  if (min <= max) return [];
  return [{ path: ['measure', 'replications', 'min'], at: 'value', sentence: `found ${min}, no more than max (${max}) is needed; raise max or lower min` }];
}

/**
 * Reads a scenario.
 *
 * @param file path as the user gave it
 * @param overrides `path=value` each, as given to `--set`; later ones win
 * @throws InputError that names every mistake with its line and column
 */
export async function loadScenario(file: string, overrides: readonly string[] = []): Promise<LoadedScenario> {
  const settings = overrides.map(overrideOf);
  const document = await readDocument(file, 'scenario');
  const directory = resolve(dirname(file));
  const raw = structuredClone(document.value);
  const locate = layered(document.locate, settings);
  if (typeof raw === 'object' && raw !== null) {
    const issues = await applySettings(ScenarioSchema, raw, settings, false, (profile) => loadProfile(beside(file, profile)));
    if (issues.length > 0) throw inputError({ issues, locate: () => ({ label: '--set', line: 0, column: 0 }) });
  }
  const { value, issues: found } = validate(ScenarioSchema, raw);
  const issues = found.map((issue) => policyElsewhere(issue, raw));
  if (issues.length > 0) throw inputError({ issues, locate });
  const written = value as ScenarioFile;
  const more = [...duplicateAlternatives(written), ...replicationIssues(written)];
  if (more.length > 0) throw inputError({ issues: more, locate });
  return {
    file,
    directory,
    ...(written.title === undefined ? {} : { title: written.title }),
    seed: written.seed!,
    measure: written.measure as LoadedScenario['measure'],
    raw,
    written,
    locate,
  };
}
