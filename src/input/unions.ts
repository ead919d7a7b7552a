import type { Issue } from './issue.js';
import type { JsonSchema } from './json-schema.js';
import { didYouMean, nearest } from './nearest.js';
import type { Path } from './path.js';
import { shown, unknownField, wanted } from './wording.js';

/** All branches of a union, those of nested unions too. */
export function branchesOf(schema: JsonSchema): JsonSchema[] {
  return schema.anyOf === undefined ? [schema] : schema.anyOf.flatMap(branchesOf);
}

/** A choice between fixed values is an `enum`; everything else under `anyOf` has to be decided by looking at the value. */
export function isUnion(schema: JsonSchema): boolean {
  return schema.anyOf !== undefined && !branchesOf(schema).every((branch) => branch.const !== undefined);
}

/** Sub-schema of a field, by name, by pattern, or for any other field. */
export function fieldSchema(schema: JsonSchema, name: string): JsonSchema | undefined {
  if (schema.properties !== undefined && Object.hasOwn(schema.properties, name)) return schema.properties[name];
  for (const [pattern, field] of Object.entries(schema.patternProperties ?? {})) if (new RegExp(pattern, 'u').test(name)) return field;
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

/** The schema as ajv gets it: unions are taken out (they are decided one by one), choices between fixed values become enums. */
export function withoutUnions(schema: JsonSchema): JsonSchema {
  if (schema.anyOf !== undefined) {
    const rest = { ...schema };
    delete rest.anyOf;
    return isUnion(schema) ? rest : { ...rest, enum: branchesOf(schema).map((branch) => branch.const!) };
  }
  const over = (fields: Record<string, JsonSchema>) => Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, withoutUnions(field)]));
  const plain = { ...schema };
  if (schema.properties) plain.properties = over(schema.properties);
  if (schema.patternProperties) {
    plain.patternProperties = over(schema.patternProperties);
    plain.additionalProperties ??= false;
  }
  if (typeof schema.additionalProperties === 'object') plain.additionalProperties = withoutUnions(schema.additionalProperties);
  if (schema.items) plain.items = withoutUnions(schema.items);
  return plain;
}

/** Every union inside a value that its schema (itself no union) speaks about, not looking into the unions. */
export function* unionsIn(schema: JsonSchema, value: unknown, path: Path): Generator<{ schema: JsonSchema; value: unknown; path: Path }> {
  if (isUnion(schema)) {
    yield { schema, value, path };
    return;
  }
  if (Array.isArray(value)) {
    if (schema.items) for (const [i, item] of value.entries()) yield* unionsIn(schema.items, item, [...path, i]);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, field] of Object.entries(value)) {
      const inner = fieldSchema(schema, name);
      if (inner !== undefined) yield* unionsIn(inner, field, [...path, name]);
    }
  }
}

function isOfType(schema: JsonSchema, value: unknown): boolean {
  const type = schema.type ?? typeof schema.const;
  if (Array.isArray(value)) return type === 'array';
  if (value === null) return type === 'null';
  return type === typeof value || (type === 'integer' && typeof value === 'number');
}

/** The field that tells the objects of a union apart, as `process` does for arrivals: required in all, fixed or patterned in each. */
export function discriminatorOf(branches: readonly JsonSchema[]): string | undefined {
  const [first] = branches;
  if (branches.length < 2) return undefined;
  return (first.required ?? []).find((name) =>
    branches.every((b) => b.required?.includes(name) && (b.properties?.[name]?.const !== undefined || b.properties?.[name]?.pattern !== undefined)),
  );
}

function matches(schema: JsonSchema, value: unknown): boolean {
  if (schema.const !== undefined) return schema.const === value;
  return typeof value === 'string' && schema.pattern !== undefined && new RegExp(schema.pattern, 'u').test(value);
}

function unknownName(noun: string, value: unknown, choices: readonly JsonSchema[]): string {
  const known = choices.filter((c) => c.const !== undefined).map((c) => String(c.const));
  const others = choices.filter((c) => c.const === undefined && c.description !== undefined).map((c) => `; or ${c.description}`);
  const meant = typeof value === 'string' ? didYouMean(value, known) : '';
  return `unknown ${noun} ${shown(value)}${meant} (known: ${known.join(', ')}${[...new Set(others)].join('')})`;
}

/**
 * Which branch of a union a value is meant to be, judged by its type, its discriminating field, or the fields it has;
 * so that only that branch's mistakes are reported. An issue if that cannot be told.
 */
export function meantBranch(schema: JsonSchema, value: unknown, path: Path): JsonSchema | Issue {
  const branches = branchesOf(schema);
  const key = path.at(-1) ?? '';
  const fitting = branches.filter((branch) => isOfType(branch, value));
  const objects = branches.filter((branch) => branch.type === 'object');
  const discriminator = discriminatorOf(objects);
  const issue = (sentence: string, at: Issue['at'] = 'value', where: Path = path): Issue => ({ path: where, at, sentence });

  if (fitting.length === 0) {
    const forms = branches.filter((b) => b.type !== 'object' || discriminator === undefined).filter((b) => b.const === undefined);
    const fixed = branches.filter((b) => b.const !== undefined).map((b) => String(b.const));
    const words = [...(fixed.length > 0 ? [`one of ${fixed.join(', ')}`] : []), ...forms.map((form) => wanted(form, key))];
    if (discriminator !== undefined) words.push(`an object like { ${discriminator}: ${firstName(objects, discriminator)} }`);
    return issue(`found ${shown(value)}, ${[...new Set(words)].join(', or ')} is needed`);
  }
  if (fitting.length === 1 && fitting[0].const === undefined) return fitting[0];

  if (typeof value !== 'object' || value === null) {
    const found = fitting.find((branch) => matches(branch, value));
    return found ?? issue(unknownName(discriminator ?? 'value', value, fitting));
  }

  const given = value as Record<string, unknown>;
  const names = Object.keys(given);
  if (discriminator !== undefined) {
    const choices = fitting.map((branch) => branch.properties![discriminator]);
    if (!Object.hasOwn(given, discriminator)) {
      const everywhere = new Set(fitting.flatMap((branch) => Object.keys(branch.properties ?? {})));
      const misspelt = names.find((name) => !everywhere.has(name) && nearest(name, [discriminator]).length > 0);
      if (misspelt !== undefined) return issue(`unknown field; did you mean ${discriminator}?`, 'key', [...path, misspelt]);
      const byDefault = fitting.find((branch) => branch.properties![discriminator].default !== undefined);
      if (byDefault !== undefined) return byDefault;
      return issue(`missing field ${discriminator} (one of ${choices.flatMap((c) => (c.const === undefined ? [] : [String(c.const)])).join(', ')})`);
    }
    const found = fitting.find((branch) => matches(branch.properties![discriminator], given[discriminator]));
    return found ?? issue(unknownName(discriminator, given[discriminator], choices), 'value', [...path, discriminator]);
  }

  const having = fitting.filter((branch) => names.some((name) => branch.properties?.[name] !== undefined));
  if (having.length === 1) return having[0];
  const allowed = [...new Set(fitting.flatMap((branch) => Object.keys(branch.properties ?? {})))];
  if (having.length > 1) return issue(`exactly one of ${allowed.join(', ')} is needed, found ${names.join(' and ')}`);
  if (names.length === 0) return issue(`one of ${allowed.join(', ')} is needed`);
  return issue(unknownField(names[0], allowed), 'key', [...path, names[0]]);
}

function firstName(objects: readonly JsonSchema[], discriminator: string): string {
  return String(objects.map((branch) => branch.properties?.[discriminator]?.const).find((name) => name !== undefined) ?? '…');
}
