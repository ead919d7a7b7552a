import { Ajv } from 'ajv';
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { policies } from '../../src/policy/policies.js';
import { profileJsonSchema, scenarioJsonSchema, schemaFiles } from '../../src/scenario/json-schema.js';
import { profile, scenario } from './files.js';

it.each(Object.entries(schemaFiles()))('schemas/%s is up to date; npm run schemas writes it', (name, text) => {
  const file = new URL(`../../schemas/${name}`, import.meta.url);
  expect(existsSync(file)).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe(text);
});

const accepts = new Ajv().compile(scenarioJsonSchema());

it('other programs accept what we accept', () => {
  expect(accepts(parse(scenario)), JSON.stringify(accepts.errors)).toBe(true);
  const profiles = new Ajv().compile(profileJsonSchema());
  expect(profiles(JSON.parse(profile)), JSON.stringify(profiles.errors)).toBe(true);
});

it.each([
  ['slo_ms: 250', 'slo_s: 250'],
  ['    model: vgg16\n', ''],
  ['    model: vgg16\n', '    model: vgg16\n    stages: [{ model: vgg16 }]\n'],
  ['    clients:', '    trace: { format: corun-azure }\n    clients:'],
  ['latency_tolerance', 'latency'],
  ['dispatch: fcfs', 'dispatch: fcsf'],
  ['{ fixed_ms: 20 }', '{ fixed_ms: 20, normal: { mean_ms: 1, sd_ms: 1 } }'],
  ['{ fixed_ms: 20 }', '{ rate_mbps: 20, trace: lte.up }'],
  ['{ fixed_ms: 20 }', '{ queue_packets: 20 }'],
  ['slo_ms: 250', 'upload_bytes: 3\n    image: { width: 1, height: 1 }'],
])('other programs refuse what we refuse: %s → %s', (from, to) => {
  expect(accepts(parse(scenario.replace(from, to)))).toBe(false);
});

it.each(['{ fixed_ms: 20, rate_mbps: 5 }', '{ trace: lte.up, start: random, queue_packets: 9 }', '{ survival: [[0, 1], [9, 0]] }', '{ survival: delays.csv }'])('other programs accept the link %s', (link) => {
  expect(accepts(parse(scenario.replace('{ fixed_ms: 20 }', link)))).toBe(true);
});

it.each(Object.entries(policies).flatMap(([kind, known]) => Object.keys(known).map((name) => [kind, name])))('an editor can offer %s: %s', (kind, name) => {
  const valid = parse(scenario) as object;
  expect(accepts({ ...valid, [kind]: name })).toBe(true);
  expect(accepts({ ...valid, [kind]: { policy: name } })).toBe(true);
  expect(accepts({ ...valid, [kind]: { policy: name, no_such_option: 1 } })).toBe(false);
});

/** Fields without a description. Profiles are not looked into. */
function undescribed(schema: any, path: string): string[] {
  if (schema === null || typeof schema !== 'object') return [];
  const here = Object.entries(schema.properties ?? {}).flatMap(([name, field]: [string, any]) => [
    ...(field.description === undefined && field.const === undefined ? [`${path}.${name}`] : []),
    ...(name === 'profile' ? [] : undescribed(field, `${path}.${name}`)),
  ]);
  return [...here, ...undescribed(schema.items, path), ...(schema.anyOf ?? []).flatMap((branch: any) => undescribed(branch, path))];
}

it('every field says what it is', () => {
  expect(undescribed(scenarioJsonSchema(), '')).toEqual([]);
});
