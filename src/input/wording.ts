import type { ErrorObject } from 'ajv';
import type { JsonSchema } from './json-schema.js';
import { didYouMean, nearest } from './nearest.js';

/** What a field's name says about its unit. */
const UNITS: readonly (readonly [suffix: string, words: string, perUnit: Record<string, number>])[] = [
  ['_usd_per_hour', 'US dollars per hour', {}],
  ['_rps', 'requests per second', { rps: 1, '/s': 1, '/min': 1 / 60 }],
  ['_mib', 'MiB', { mib: 1, gib: 1024, kib: 1 / 1024, mb: 1e6 / 2 ** 20, gb: 1e9 / 2 ** 20 }],
  ['_mbps', 'megabits per second', { kbps: 1e-3, 'kbit/s': 1e-3, mbps: 1, 'mbit/s': 1, gbps: 1000, 'gbit/s': 1000 }],
  ['_bytes', 'bytes', { b: 1, kb: 1000, kib: 1024, mb: 1e6, mib: 2 ** 20 }],
  ['_ms', 'milliseconds', { us: 1e-3, 'µs': 1e-3, ms: 1, s: 1000, sec: 1000, min: 60_000, h: 3_600_000 }],
  ['_s', 'seconds', { ms: 1e-3, s: 1, sec: 1, min: 60, h: 3600 }],
];

const unitOf = (key: string | number) => UNITS.find(([suffix]) => String(key).endsWith(suffix));

/** A value as the user would write it. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'number') return Number.isNaN(value) ? '.nan' : value === Infinity ? '.inf' : value === -Infinity ? '-.inf' : String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 56)}…"` : text;
}

const counted = (entries: number): string => (entries === 1 ? '1 entry' : `${entries} entries`);

function bounds(schema: JsonSchema): string {
  const parts = [];
  if (schema.minimum !== undefined) parts.push(`of at least ${schema.minimum}`);
  if (schema.exclusiveMinimum !== undefined) parts.push(`greater than ${schema.exclusiveMinimum}`);
  if (schema.maximum !== undefined) parts.push(`of at most ${schema.maximum}`);
  if (schema.exclusiveMaximum !== undefined) parts.push(`less than ${schema.exclusiveMaximum}`);
  return parts.length > 0 ? ` ${parts.join(' and ')}` : '';
}

/** What a schema asks for: `a number of milliseconds greater than 0`. */
export function wanted(schema: JsonSchema, key: string | number = '', withBounds = true): string {
  if (schema.const !== undefined) return String(schema.const);
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`;
  const limits = withBounds ? bounds(schema) : '';
  switch (schema.type) {
    case 'integer':
      return `a whole number${limits}`;
    case 'number': {
      const unit = unitOf(key);
      return `a number${unit === undefined ? '' : ` of ${unit[1]}`}${limits}`;
    }
    case 'string':
      return schema.pattern !== undefined && schema.description !== undefined ? schema.description : 'text';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    case 'object': {
      const fields = schema.required?.length ? schema.required : Object.keys(schema.properties ?? {}).slice(0, 3);
      return fields.length > 0 ? `an object like { ${fields.map((field) => `${field}: …`).join(', ')} }` : 'an object';
    }
    default:
      return 'a value';
  }
}

/** What the user may have meant by a text where a number is needed: "250ms", "0.25 s" and "250" are all 250 in a field `…_ms`. */
function example(schema: JsonSchema, key: string | number, value: unknown): string {
  const given = typeof value === 'string' ? /^\s*([-+]?[\d.]+(?:e[-+]?\d+)?)\s*([a-zµ/]*)\s*$/i.exec(value) : null;
  if (given !== null && (schema.type === 'number' || schema.type === 'integer')) {
    const factor = given[2] === '' ? 1 : unitOf(key)?.[2][given[2].toLowerCase()];
    const number = Number(given[1]) * (factor ?? NaN);
    if (Number.isFinite(number)) return `, e.g. ${Number(number.toPrecision(6))}`;
  }
  const sample = schema.examples?.[0] ?? schema.default;
  return sample === undefined || typeof sample === 'object' ? '' : `, e.g. ${String(sample)}`;
}

/** Found this, needed that. */
export function mismatch(schema: JsonSchema, key: string | number, value: unknown, withBounds = true): string {
  const needed = wanted(schema, key, withBounds);
  if (typeof value === 'number' && !Number.isFinite(value) && (schema.type === 'number' || schema.type === 'integer'))
    return `found ${shown(value)}, ${needed.replace(/^a (whole )?number/, 'a finite $1number')} is needed`;
  return `found ${shown(value)}, ${needed} is needed${example(schema, key, value)}`;
}

/** `unknown field; did you mean slo_ms? (allowed: app, model, …)` */
export function unknownField(name: string, allowed: readonly string[], present: readonly string[] = []): string {
  // A field that is there may have been filled in by its default, so that its name is not taken.
  const near = nearest(name, allowed);
  const absent = near.filter((field) => !present.includes(field));
  const meant = didYouMean(name, absent.length > 0 ? absent : near);
  return `unknown field${meant}${allowed.length > 0 ? ` (allowed: ${allowed.join(', ')})` : '; no fields are allowed here'}`;
}

/** A required field that is not there. */
export function missingField(schema: JsonSchema, name: string): string {
  const field = schema.properties?.[name] ?? {};
  if (field.const !== undefined) return `missing field ${name}; write ${name}: ${String(field.const)}`;
  const about = field.description === undefined ? '' : ` (${field.description})`;
  const sample = field.examples?.[0];
  return `missing field ${name}${about}${sample === undefined || typeof sample === 'object' ? '' : `; write for example ${name}: ${String(sample)}`}`;
}

/** The sentence for a failure that ajv reports on a schema without unions. */
export function sentenceOf(error: ErrorObject, key: string | number): string {
  const schema = error.parentSchema as JsonSchema;
  const value = error.data;
  const allowed = (schema.enum ?? []).map(String);
  switch (error.keyword) {
    case 'type':
      return mismatch(schema, key, value, false);
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return mismatch(schema, key, value);
    case 'const':
      return `found ${shown(value)}, ${String(schema.const)} is needed`;
    case 'enum':
      return `found ${shown(value)}${typeof value === 'string' ? didYouMean(value, allowed) : ''} (allowed: ${allowed.join(', ')})`;
    case 'minItems':
      return `found ${(value as unknown[]).length === 0 ? 'an empty list' : counted((value as unknown[]).length)}, at least ${schema.minItems} is needed`;
    case 'minLength':
      return 'found an empty text, a name is needed';
    case 'minProperties':
      return `at least ${schema.minProperties} field is needed`;
    default:
      return `found ${shown(value)}; it ${error.message ?? 'is not valid'}`;
  }
}
