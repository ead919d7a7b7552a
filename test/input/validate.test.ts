import { Type } from '@sinclair/typebox';
import { describe, expect, it } from 'vitest';
import { validate } from '../../src/input/validate.js';

const closed = { additionalProperties: false };
const told = (schema: object, value: unknown): string[] => validate(schema, value).issues.map((issue) => `${issue.path.join('.')} ${issue.sentence}`.trim());

const Shape = Type.Union([
  Type.Object({ kind: Type.Literal('disc'), radius_ms: Type.Number({ minimum: 0 }), steps: Type.Integer({ minimum: 1, default: 3 }) }, closed),
  Type.Object({ kind: Type.Literal('box'), sides: Type.Array(Type.Number(), { minItems: 2 }) }, closed),
]);

describe('unions', () => {
  it('only the branch that was meant is reported', () => {
    expect(told(Shape, { kind: 'disc', radius_ms: 'x' })).toEqual(['radius_ms found "x", a number of milliseconds is needed']);
    expect(told(Shape, { kind: 'box', sides: [1] })).toEqual(['sides found 1 entry, at least 2 is needed']);
    expect(told(Shape, { kind: 'box', sides: [1, 'a'], radius_ms: 1 })).toEqual(['radius_ms unknown field (allowed: kind, sides)', 'sides.1 found "a", a number is needed']);
  });

  it('defaults are filled in, inside of a branch as well, in a copy', () => {
    const given = { list: [{ kind: 'disc', radius_ms: 1 }] };
    const { value, issues } = validate(Type.Object({ list: Type.Array(Shape) }), given);
    expect(issues).toEqual([]);
    expect(value).toEqual({ list: [{ kind: 'disc', radius_ms: 1, steps: 3 }] });
    expect(given).toEqual({ list: [{ kind: 'disc', radius_ms: 1 }] });
  });

  it('a branch is told by its type where types differ', () => {
    const schema = Type.Object({ seed: Type.Union([Type.Integer(), Type.String()]) });
    expect(told(schema, { seed: 1.5 })).toEqual(['seed found 1.5, a whole number is needed']);
    expect(told(schema, { seed: true })).toEqual(['seed found true, a whole number, or text is needed']);
    expect(told(schema, { seed: null })).toEqual(['seed found nothing, a whole number, or text is needed']);
  });

  it('unions inside unions are looked into', () => {
    const schema = Type.Union([Type.String(), Type.Object({ shape: Shape }, closed)]);
    expect(told(schema, { shape: { kind: 'dis' } })).toEqual(['shape.kind unknown kind "dis"; did you mean disc? (known: disc, box)']);
    expect(told(schema, 4)).toEqual(['found 4, text, or an object like { shape: … } is needed']);
  });
});

it.each([
  [NaN, 'found .nan, a finite number of seconds is needed'],
  [Infinity, 'found .inf, a finite number of seconds is needed'],
  [-1, 'found -1, a number of seconds of at least 0 and less than 9 is needed'],
  [9, 'found 9, a number of seconds of at least 0 and less than 9 is needed'],
  ['3', 'found "3", a number of seconds is needed, e.g. 3'],
  ['300 ms', 'found "300 ms", a number of seconds is needed, e.g. 0.3'],
  ['3 bananas', 'found "3 bananas", a number of seconds is needed'],
  [[1], 'found a list, a number of seconds is needed'],
  [{}, 'found an object, a number of seconds is needed'],
  [true, 'found true, a number of seconds is needed'],
])('a number of seconds: %s', (value, sentence) => {
  expect(told(Type.Object({ wait_s: Type.Number({ minimum: 0, exclusiveMaximum: 9 }) }), { wait_s: value })).toEqual([`wait_s ${sentence}`]);
});

it('a free name must fit its pattern, and nothing else is let through', () => {
  const schema = Type.Object({ count: Type.Record(Type.String({ pattern: '^(a|b):.+$' }), Type.Integer()) });
  expect(told(schema, { count: { 'a:x': 1 } })).toEqual([]);
  expect(told(schema, { count: { 'c:x': 1 } })).toEqual(['count.c:x unknown field; a name like ^(a|b):.+$ is needed']);
});

it('a missing field says what it is for; a misspelt one is not missing as well', () => {
  const schema = Type.Object({ model: Type.String({ description: 'the model that answers', examples: ['resnet50'] }) }, closed);
  expect(told(schema, {})).toEqual(['missing field model (the model that answers); write for example model: resnet50']);
  expect(told(schema, { modl: 'x' })).toEqual(['modl unknown field; did you mean model? (allowed: model)']);
});

it('names that JavaScript’s objects bring along are unknown fields', () => {
  const schema = Type.Object({ model: Type.Optional(Type.String()) }, closed);
  expect(told(schema, JSON.parse('{ "constructor": 1 }'))).toEqual(['constructor unknown field (allowed: model)']);
  expect(told(schema, JSON.parse('{ "__proto__": 1 }'))).toEqual(['__proto__ unknown field (allowed: model)']);
});
