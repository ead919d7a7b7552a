import { delays } from '../trace/network/delays.js';
import { ProfileSchema } from '../profile/schema.js';
import { ScenarioSchema } from './schema.js';

type Json = Record<string, any>;

/** Without what only TypeBox reads. A field with a default need not be written, so it is not required. */
function plain(schema: object): Json {
  return JSON.parse(JSON.stringify(schema), (_key, value: Json) => {
    if (!Array.isArray(value?.required) || value.properties === undefined) return value;
    const { required, ...rest } = value;
    const properties = value.properties as Record<string, { default?: unknown } | undefined>;
    const needed = (required as string[]).filter((name) => properties[name]?.default === undefined);
    return needed.length > 0 ? { ...rest, required: needed } : rest;
  }) as Json;
}

const oneOf = (...fields: string[]): Json => ({ oneOf: fields.map((field) => ({ required: [field] })) });

const notBoth = (one: string, other: string): Json => ({ not: { required: [one, other] } });

/** What excludes each other in a link, wherever links are. */
function withLinkRules(schema: Json): Json {
  const delayNames = Object.keys(delays);
  const needed = [...delayNames, 'rate_mbps', 'trace'].map((field) => ({ required: [field] }));
  const pairs = delayNames.flatMap((one, i) => delayNames.slice(i + 1).map((other) => notBoth(one, other)));
  return JSON.parse(JSON.stringify(schema), (_key, value: Json) => {
    const fields = value?.properties as Json | undefined;
    return fields?.rate_mbps === undefined ? value : { ...value, anyOf: needed, allOf: [notBoth('rate_mbps', 'trace'), ...pairs] };
  }) as Json;
}

const DRAFT = 'http://json-schema.org/draft-07/schema#';

/** JSON schema of scenarios, for editors. What excludes each other is said here as well. */
export function scenarioJsonSchema(): Json {
  const schema = withLinkRules(plain(ScenarioSchema));
  (schema.properties as { workload: { items: Json } }).workload.items.allOf = [oneOf('model', 'variants', 'stages'), oneOf('arrivals', 'trace', 'clients'), notBoth('image', 'upload_bytes')];
  return { $schema: DRAFT, ...schema };
}

/** JSON schema of profiles, for editors and other programs. */
export function profileJsonSchema(): Json {
  return { $schema: DRAFT, title: 'Corun profile', ...plain(ProfileSchema) };
}

/** The files under schemas/, by name. */
export function schemaFiles(): Record<string, string> {
  const text = (schema: Json): string => `${JSON.stringify(schema, null, 2)}\n`;
  return { 'scenario.schema.json': text(scenarioJsonSchema()), 'profile.schema.json': text(profileJsonSchema()) };
}
