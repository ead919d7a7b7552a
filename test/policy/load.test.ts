import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import type { DecisionKind } from '../../src/policy/contract.js';
import { InputError } from '../../src/input/error.js';
import { loadPolicy, policyOptions } from '../../src/policy/load.js';
import { policies } from '../../src/policy/policies.js';

const directory = mkdtempSync(join(tmpdir(), 'corun-policy-'));
let files = 0;

function moduleOf(text: string): string {
  const file = join(directory, `mine${files++}.mjs`);
  writeFileSync(file, text);
  return pathToFileURL(file).href;
}

async function told(kind: DecisionKind, choice: { policy: string; module?: string }): Promise<string> {
  const error = await loadPolicy(kind, choice).then(
    () => 'no error',
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof InputError)) throw error;
  return error.message.replaceAll(`${directory}/`, '');
}

const valid = {
  name: `'mine'`,
  about: `'a'`,
  source: `'s'`,
  decision: `'dispatch'`,
  options: `{ type: 'object', properties: { k: { type: 'integer', default: 2 } }, additionalProperties: false }`,
  create: `() => ({ on: () => Infinity })`,
};
const text = (changes: Record<string, string>) =>
  `export default { ${Object.entries({ ...valid, ...changes }).map(([field, value]) => `${field}: ${value}`).join(', ')} };`;

it.each(Object.entries(policies).flatMap(([kind, known]) => Object.entries(known).map(([name, policy]) => [kind, name, policy] as const)))(
  '%s %s is found by its name, and its defaults fit its own schema',
  async (kind, name, policy) => {
    expect(await loadPolicy(kind as DecisionKind, { policy: name })).toBe(policy);
    expect(policyOptions(policy, {}, []).issues).toEqual([]);
  },
);

it('a researcher’s own module is loaded, and its options are completed', async () => {
  const policy = await loadPolicy('dispatch', { policy: 'mine', module: moduleOf(text({})) });
  expect(policy.name).toBe('mine');
  expect(policyOptions(policy, {}, [])).toEqual({ options: { k: 2 }, issues: [] });
  expect(policyOptions(policy, { k: 'x' }, ['dispatch']).issues).toEqual([
    { path: ['dispatch', 'k'], at: 'value', sentence: 'found "x", a whole number is needed, e.g. 2' },
  ]);
});

it('options whose schema is wrong are the policy’s mistake', async () => {
  const policy = await loadPolicy('dispatch', { policy: 'mine', module: moduleOf(text({ options: `{ type: 'object', propertys: {} }` })) });
  expect(policyOptions(policy, {}, ['dispatch']).issues.map((issue) => issue.sentence)).toEqual([
    'the "options" of policy mine are not a JSON schema that can be used: strict mode: unknown keyword: "propertys"',
  ]);
});

it.each<[DecisionKind, string, string]>([
  ['dispatch', 'fcsf', 'unknown dispatch policy "fcsf"; did you mean fcfs? (known: corun, fcfs, edf, batch, as-planned, orion, d-stack, unlimited, reject-all; or a file of your own such as ./mine.mjs)'],
  ['place', 'toString', 'unknown place policy "toString" (known: all-on-one, on-demand, modi, igniter, gslice, d-stack, one-task-per-accelerator; or a file of your own such as ./mine.mjs)'],
  ['retrain', 'fcfs', 'unknown retrain policy "fcfs"; it is a dispatch policy (known: never, continuous, when-idle, windows, every-window, on-drift, budgeted, ekya-thief; or a file of your own such as ./mine.mjs)'],
])('an unknown %s policy %s', async (kind, policy, message) => {
  expect(await told(kind, { policy })).toBe(message);
});

it.each([
  [{ decision: `'retrain'` }, 'mine.mjs: not a dispatch policy: it decides "retrain", so write retrain: instead of dispatch: in the scenario'],
  [{ decision: `'despatch'` }, `mine.mjs: not a dispatch policy: "decision" must be 'dispatch'`],
  [{ name: '3' }, 'mine.mjs: not a dispatch policy: "name" must be text'],
  [{ source: 'undefined' }, 'mine.mjs: not a dispatch policy: "source" must be text: the paper, or "reconstructed: …"'],
  [{ create: '{}' }, 'mine.mjs: not a dispatch policy: "create" must be a function (options, context) that returns an object with on(event, subject, nowMs, view, out)'],
  [
    { options: 'undefined' },
    `mine.mjs: not a dispatch policy: "options" must be the JSON schema of an object; without options write { type: 'object', properties: {}, additionalProperties: false }`,
  ],
  [{ events: `['arrived']` }, 'mine.mjs: not a dispatch policy: "events" must be a list of numbers: start = 0, arrived = 1, free = 2, timer = 3, busy = 4, idle = 5, epoch = 6, training = 7, outOfMemory = 8, died = 9, lost = 10, returned = 11, labelled = 12, deployed = 13, declined = 14, evicted = 15, shifted = 16, stored = 17, pullFailed = 18, published = 19'],
  [{ deploys: 'true' }, 'mine.mjs: not a dispatch policy: "deploys" is for retrain policies only'],
  [{ order: '5' }, 'mine.mjs: not a dispatch policy: "order" must be a function of a request that returns a number'],
])('a module that is no policy: %j', async (changes, message) => {
  expect((await told('dispatch', { policy: 'mine', module: moduleOf(text(changes)) })).replace(/mine\d+/, 'mine')).toBe(message);
});

it('a module without a default export is shown one', async () => {
  expect(await told('dispatch', { policy: 'mine', module: moduleOf('export const policy = {};') })).toMatch(
    /^mine\d+\.mjs: not a dispatch policy: its default export is not a policy; write export default \{ name: 'mine', .* decision: 'dispatch'/,
  );
});

it('a module that is missing, or throws', async () => {
  const missing = pathToFileURL(join(directory, 'none.mjs')).href;
  expect(await told('dispatch', { policy: 'none', module: missing })).toBe('there is no file none.mjs; the path of a policy is relative to the scenario');
  expect(await told('dispatch', { policy: 'mine', module: moduleOf(`throw new Error('no luck');`) })).toMatch(
    /^mine\d+\.mjs: the policy file cannot be loaded: Error: no luck$/,
  );
});
