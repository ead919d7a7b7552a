import type { Issue, Place } from '../input/issue.js';
import type { JsonSchema } from '../input/json-schema.js';
import { formatPath, parsePath, startsWith, valueAt, type Path } from '../input/path.js';
import { branchesOf, fieldSchema } from '../input/unions.js';
import { unknownField } from '../input/wording.js';

/** One field that is set from outside the document's own text: by `--set`, or by an alternative. */
export interface Setting {
  path: Path;
  /** null removes the field. */
  value: unknown;
  place: Place;
}

/** Fields that all alternatives of a comparison share. */
const SHARED = ['schema', 'title', 'alternatives', 'measure', 'seed'];

type Container = Record<string | number, unknown>;

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

/** The first segment of a path that the schema does not know, as an issue. */
export function pathIssue(schema: object, path: Path): Issue | undefined {
  if (path.length === 0) return { path, at: 'value', sentence: 'a path is needed, for example sites.0.accelerators.0.count=2' };
  let candidates = branchesOf(schema as JsonSchema);
  for (const [depth, segment] of path.entries()) {
    const inner = candidates.flatMap((c) => {
      if (c.type === 'array') return c.items !== undefined && typeof segment === 'number' ? branchesOf(c.items) : [];
      const field = fieldSchema(c, String(segment));
      if (field !== undefined) return branchesOf(field);
      return c.additionalProperties === true || Object.keys(c).length === 0 ? [{}] : [];
    });
    if (inner.length === 0) {
      const where = path.slice(0, depth + 1);
      const allowed = [...new Set(candidates.flatMap((c) => Object.keys(c.properties ?? {})))];
      const sentence =
        allowed.length > 0
          ? unknownField(String(segment), allowed)
          : candidates.some((c) => c.type === 'array')
            ? 'a list is here: the position of an entry is needed, from 0'
            : 'there are no fields inside this one';
      return { path: where, at: 'key', sentence };
    }
    candidates = inner;
  }
  return undefined;
}

/** Whether a text stands where an object with a `policy` could stand: `dispatch: fcfs`, in which `k` is to be set. */
function policyName(path: Path, value: unknown): value is string {
  return typeof value === 'string' && ['route', 'dispatch', 'retrain', 'place'].includes(String(path.at(-1)));
}

/**
 * Sets fields in a document, in place. Objects on the way are made as needed, lists are not extended, and `k` inside of
 * `dispatch: fcfs` makes it `{ policy: fcfs, k: … }`.
 *
 * @param forAlternative whether this is an alternative's `set`, which must leave alone what all alternatives share
 * @param profileOf the profile that a path stands for, when a field inside of it is to be set
 * @returns what cannot be set, and why
 */
export async function applySettings(
  schema: object,
  root: unknown,
  settings: readonly Setting[],
  forAlternative: boolean,
  profileOf: (file: string) => Promise<unknown>,
): Promise<Issue[]> {
  const issues: Issue[] = [];
  for (const setting of settings) {
    const { path } = setting;
    const unknown = pathIssue(schema, path);
    if (unknown !== undefined) {
      issues.push(unknown);
      continue;
    }
    if (forAlternative && SHARED.some((field) => startsWith(path, [field]))) {
      issues.push({ path, at: 'key', sentence: `all alternatives share ${String(path[0])}; set it for the whole scenario instead` });
      continue;
    }
    const issue = await setOne(root, setting, profileOf);
    if (issue !== undefined) issues.push(issue);
  }
  return issues;
}

async function setOne(root: unknown, { path, value }: Setting, profileOf: (file: string) => Promise<unknown>): Promise<Issue | undefined> {
  let at = root;
  for (const [depth, segment] of path.entries()) {
    if (!isContainer(at)) return { path: path.slice(0, depth), at: 'value', sentence: 'no object, so nothing can be set inside it' };
    if (Array.isArray(at) && !(Number(segment) < at.length)) {
      const list = formatPath(path.slice(0, depth));
      return { path, at: 'key', sentence: `${list} has ${at.length} ${at.length === 1 ? 'entry, 0' : `entries, 0 to ${at.length - 1}`}` };
    }
    if (depth === path.length - 1) {
      if (value !== null) at[segment] = value;
      else if (Array.isArray(at)) at.splice(Number(segment), 1);
      else delete at[segment];
      return undefined;
    }
    const here = path.slice(0, depth + 1);
    const inner = at[segment];
    if (inner === undefined || inner === null) at[segment] = {};
    else if (typeof inner === 'string' && segment === 'profile') at[segment] = structuredClone(await profileOf(inner));
    else if (policyName(here, inner)) at[segment] = { policy: inner };
    at = valueAt(root, here);
  }
  return undefined;
}

/** The fields of `alternatives.N.set`, each placed where it stands. */
export function settingsOf(set: Record<string, unknown>, alternative: Path, place: (path: Path) => Place): Setting[] {
  return Object.entries(set).map(([key, value]) => {
    const at = place([...alternative, 'set', key]);
    return { path: parsePath(key), value, place: { ...at, label: `${at.label}: ${formatPath([...alternative, 'set'])}` } };
  });
}
