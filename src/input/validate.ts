import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Issue } from './issue.js';
import type { JsonSchema } from './json-schema.js';
import { nearest } from './nearest.js';
import type { Path } from './path.js';
import { isUnion, meantBranch, unionsIn, withoutUnions } from './unions.js';
import { missingField, sentenceOf, unknownField } from './wording.js';

const ajv = new Ajv({ allErrors: true, useDefaults: true, strict: true, verbose: true, validateSchema: false });
const compiled = new WeakMap<object, ValidateFunction>();

function validatorOf(schema: JsonSchema): ValidateFunction {
  let validator = compiled.get(schema);
  if (validator === undefined) compiled.set(schema, (validator = ajv.compile(withoutUnions(schema))));
  return validator;
}

/** A JSON pointer as a path; positions in lists as numbers, so that they sort. */
function pathOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replace(/~1/g, '/').replace(/~0/g, '~'))
    .map((segment) => (/^\d+$/.test(segment) ? Number(segment) : segment));
}

function issueOf(error: ErrorObject, root: Path): Issue {
  const path = [...root, ...pathOf(error.instancePath)];
  const schema = error.parentSchema as JsonSchema;
  if (error.keyword === 'additionalProperties') {
    const name = (error.params as { additionalProperty: string }).additionalProperty;
    const sentence =
      schema.properties === undefined && schema.patternProperties !== undefined
        ? `unknown field; a name like ${Object.keys(schema.patternProperties).join(' or ')} is needed`
        : unknownField(name, Object.keys(schema.properties ?? {}), Object.keys(error.data as object));
    return { path: [...path, name], at: 'key', sentence };
  }
  if (error.keyword === 'required') return { path, at: 'value', sentence: missingField(schema, (error.params as { missingProperty: string }).missingProperty) };
  return { path, at: 'value', sentence: sentenceOf(error, path.findLast((segment) => typeof segment === 'string') ?? '') };
}

/** A field counts as misspelt, not as missing, when an unknown one beside it is near. */
function isMisspelt(error: ErrorObject, errors: readonly ErrorObject[]): boolean {
  if (error.keyword !== 'required') return false;
  const { missingProperty } = error.params as { missingProperty: string };
  return errors.some(
    (other) =>
      other.keyword === 'additionalProperties' &&
      other.instancePath === error.instancePath &&
      nearest((other.params as { additionalProperty: string }).additionalProperty, [missingProperty]).length > 0,
  );
}

function check(schema: JsonSchema, value: unknown, path: Path, issues: Issue[]): void {
  if (isUnion(schema)) {
    const branch = meantBranch(schema, value, path);
    if ('sentence' in branch) issues.push(branch as Issue);
    else check(branch, value, path, issues);
    return;
  }
  const validate = validatorOf(schema);
  if (!validate(value)) {
    const errors = validate.errors ?? [];
    for (const error of errors) if (!isMisspelt(error, errors)) issues.push(issueOf(error, path));
  }
  for (const union of unionsIn(schema, value, path)) check(union.schema, union.value, union.path, issues);
}

/**
 * Validates a value against a JSON schema.
 *
 * Of a union only the branch that was meant is reported. The value itself is left alone: the result is a copy with
 * defaults filled in. Fields that the schema does not know are mistakes, numbers must be finite.
 *
 * @param at where the value lies in its document; the issues' paths begin there
 */
export function validate(schema: object, value: unknown, at: Path = []): { value: unknown; issues: Issue[] } {
  const copy = structuredClone(value);
  const issues: Issue[] = [];
  check(schema as JsonSchema, copy, at, issues);
  return { value: copy, issues };
}
