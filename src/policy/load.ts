import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readingFault } from '../input/document.js';
import { InputError } from '../input/error.js';
import type { Issue } from '../input/issue.js';
import { didYouMean } from '../input/nearest.js';
import type { Path } from '../input/path.js';
import { validate } from '../input/validate.js';
import { Event, type DecisionKind, type PolicyDefinition } from './contract.js';
import { policies } from './policies.js';

/** Which policy fills in a decision, and with which options. Plain data. */
export interface PolicyChoice {
  /** The policy's name. */
  policy: string;
  /** File URL of a researcher's own policy; without it, `policy` is a built-in one. */
  module?: string;
  options: Record<string, unknown>;
}

/** A text that is a path of a module, not the name of a policy. */
export const MODULE_PATH = String.raw`^\.{0,2}/|\.[cm]?[jt]s$`;

const article = (kind: DecisionKind): string => `a ${kind} policy`;

const NO_OPTIONS = `{ type: 'object', properties: {}, additionalProperties: false }`;

const example = (kind: DecisionKind): string =>
  `export default { name: 'mine', about: '…', source: '…', decision: '${kind}', options: ${NO_OPTIONS}, ` +
  'create: (options, context) => ({ on: (event, subject, nowMs, view, out) => Infinity }) }';

/** A file outside this project cannot import `corun/policy`, and need not. */
const importHint = (message: string): string =>
  message.includes("Cannot find package 'corun'") ? '; leave the import out: export a plain object instead of definePolicy(…), Infinity is NEVER, -1 is NONE' : '';

async function imported(module: string, shown: string): Promise<unknown> {
  try {
    await access(shown);
  } catch (error) {
    throw new InputError(`${readingFault(error, shown)}; the path of a policy is relative to the scenario`);
  }
  try {
    return ((await import(module)) as { default?: unknown }).default;
  } catch (error) {
    const { message, name, stack } = error as Error;
    const place = name === 'SyntaxError' ? /^file:\S+:(\d+)/.exec(stack ?? '') : null;
    throw new InputError(`${shown}${place === null ? '' : `:${place[1]}`}: the policy file cannot be loaded: ${name}: ${message.split('\n')[0]}${importHint(message)}`);
  }
}

const FIELDS = ['name', 'about', 'source', 'decision', 'options', 'events', 'order', 'costMs', 'deploys', 'restores', 'create'];
const EVENTS = Object.entries(Event).map(([name, value]) => `${name} = ${value}`).join(', ');

/** What is wrong with the shape of a definition; empty if nothing is. */
function faults(definition: unknown, kind: DecisionKind): string[] {
  if (typeof definition !== 'object' || definition === null) return [`its default export is not a policy; write ${example(kind)}`];
  const given = definition as Partial<Record<keyof PolicyDefinition, unknown>>;
  const found: string[] = [];
  for (const field of Object.keys(given)) if (!FIELDS.includes(field)) found.push(`unknown field "${field}"${didYouMean(field, FIELDS)} (allowed: ${FIELDS.join(', ')})`);
  for (const field of ['name', 'about', 'source'] as const)
    if (typeof given[field] !== 'string' || given[field] === '') found.push(`"${field}" must be text${field === 'source' ? ': the paper, or "reconstructed: …"' : ''}`);
  if (given.decision !== kind)
    found.push(
      typeof given.decision === 'string' && Object.hasOwn(policies, given.decision)
        ? `it decides "${given.decision}", so write ${given.decision}: instead of ${kind}: in the scenario`
        : `"decision" must be '${kind}'`,
    );
  const schema = given.options as { type?: unknown } | null | undefined;
  if (typeof schema !== 'object' || schema === null || schema.type !== 'object')
    found.push(`"options" must be the JSON schema of an object; without options write ${NO_OPTIONS}`);
  if (typeof given.create !== 'function') found.push('"create" must be a function (options, context) that returns an object with on(event, subject, nowMs, view, out)');
  if (given.order !== undefined && (typeof given.order !== 'function' || kind !== 'dispatch'))
    found.push(kind === 'dispatch' ? '"order" must be a function of a request that returns a number' : '"order" is for dispatch policies only');
  if (given.costMs !== undefined && (typeof given.costMs !== 'function' || kind !== 'retrain'))
    found.push(kind === 'retrain' ? '"costMs" must be a function of the view that returns ms' : '"costMs" is for retrain policies only');
  for (const [field, of] of [['deploys', 'retrain'], ['restores', 'place']] as const)
    if (given[field] !== undefined && (typeof given[field] !== 'boolean' || kind !== of)) found.push(kind === of ? `"${field}" must be true or false` : `"${field}" is for ${of} policies only`);
  const { events } = given;
  if (events !== undefined && !(Array.isArray(events) && events.every((event) => Number.isInteger(event)))) found.push(`"events" must be a list of numbers: ${EVENTS}`);
  return found;
}

/**
 * The definition of a policy: a built-in one, or the default export of a researcher's module.
 *
 * @throws InputError if the name is unknown, the module is missing or broken, or its default export is no such policy
 */
export async function loadPolicy<K extends DecisionKind>(kind: K, choice: Pick<PolicyChoice, 'policy' | 'module'>): Promise<PolicyDefinition<K>> {
  if (choice.module === undefined) {
    const known = policies[kind] as Record<string, PolicyDefinition<K>>;
    if (Object.hasOwn(known, choice.policy)) return known[choice.policy];
    const elsewhere = (Object.keys(policies) as DecisionKind[]).find((other) => Object.hasOwn(policies[other], choice.policy));
    const hint = elsewhere === undefined ? didYouMean(choice.policy, Object.keys(known)) : `; it is ${article(elsewhere)}`;
    throw new InputError(`unknown ${kind} policy "${choice.policy}"${hint} (known: ${Object.keys(known).join(', ')}; or a file of your own such as ./mine.mjs)`);
  }
  const shown = fileURLToPath(choice.module);
  const definition = await imported(choice.module, shown);
  const found = faults(definition, kind);
  if (found.length > 0) throw new InputError(`${shown}: not ${article(kind)}: ${found.join('; ')}`);
  return definition as PolicyDefinition<K>;
}

/** The options of a policy, checked against its schema, with defaults filled in. @param at where they stand in the scenario */
export function policyOptions(definition: PolicyDefinition, given: Record<string, unknown>, at: Path): { options: Record<string, unknown>; issues: Issue[] } {
  try {
    const { value, issues } = validate(definition.options, given, at);
    return { options: value as Record<string, unknown>, issues };
  } catch (error) {
    const sentence = `the "options" of policy ${definition.name} are not a JSON schema that can be used: ${(error as Error).message}`;
    return { options: given, issues: [{ path: at, at: 'value', sentence }] };
  }
}
