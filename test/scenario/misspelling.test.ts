import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { validate } from '../../src/input/validate.js';
import { formatPath, valueAt, type Path } from '../../src/input/path.js';
import { ProfileSchema } from '../../src/profile/schema.js';
import { ScenarioSchema } from '../../src/scenario/schema.js';
import { pathIssue } from '../../src/scenario/set.js';
import { profile, scenario } from './files.js';

/** Names that the user makes up are not fields. */
const FREE = ['set', 'models', 'training'];

function fieldsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    const isField = !Array.isArray(value) && !FREE.includes(String(path.at(-1)));
    return [...(isField ? [here] : []), ...fieldsOf(inner, here)];
  });
}

const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz_');

/** One slip of the finger: a letter left out, added, replaced, or two swapped. */
const slip = (word: string): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom('out', 'added', 'replaced', 'swapped'), fc.nat(word.length - 1), letter)
    .map(([how, i, l]) => {
      if (how === 'out') return word.slice(0, i) + word.slice(i + 1);
      if (how === 'added') return word.slice(0, i) + l + word.slice(i);
      if (how === 'replaced') return word.slice(0, i) + l + word.slice(i + 1);
      return word.slice(0, i) + word.slice(i + 1, i + 2) + word[i] + word.slice(i + 2);
    })
    .filter((slipped) => slipped !== word && slipped !== '');

it.each([
  ['scenario', ScenarioSchema, parse(scenario) as unknown],
  ['profile', ProfileSchema, JSON.parse(profile) as unknown],
])('any single slip in the name of a field of a valid %s is found, and the field that was meant is named', (_what, schema, valid) => {
  expect(validate(schema, valid).issues).toEqual([]);
  const slips = fc.constantFrom(...fieldsOf(valid)).chain((path) => slip(String(path.at(-1))).map((slipped) => ({ path, slipped })));
  fc.assert(
    fc.property(slips, ({ path, slipped }) => {
      const wrong = structuredClone(valid);
      const holder = valueAt(wrong, path.slice(0, -1)) as Record<string, unknown>;
      const name = String(path.at(-1));
      // A slip that gives another valid field is another mistake.
      fc.pre(pathIssue(schema, [...path.slice(0, -1), slipped]) !== undefined);
      holder[slipped] = holder[name];
      delete holder[name];
      const { issues } = validate(schema, wrong);
      const told = issues.find((issue) => formatPath(issue.path) === formatPath([...path.slice(0, -1), slipped]));
      expect(told?.at).toBe('key');
      expect(/did you mean (.*?)\?/.exec(told?.sentence ?? '')?.[1].split(' or ')).toContain(name);
      expect(issues.filter((issue) => issue.sentence.startsWith('missing field')), 'it is misspelt, not missing').toEqual([]);
    }),
    { numRuns: 1500 },
  );
});

it('any single slip in a path that is set is found, and the segment that was meant is named', () => {
  const paths = fieldsOf(parse(scenario)).filter((path) => path[0] !== 'alternatives');
  const slips = fc.constantFrom(...paths).chain((path) => slip(String(path.at(-1))).map((slipped) => ({ path, slipped })));
  fc.assert(
    fc.property(slips, ({ path, slipped }) => {
      const issue = pathIssue(ScenarioSchema, [...path.slice(0, -1), slipped]);
      fc.pre(issue !== undefined);
      expect(/did you mean (.*?)\?/.exec(issue.sentence)?.[1].split(' or ')).toContain(path.at(-1));
    }),
    { numRuns: 1500 },
  );
});
