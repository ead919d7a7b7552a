import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseText } from '../../src/input/document.js';
import { inputError, layered } from '../../src/input/issue.js';
import { formatPath, parsePath } from '../../src/input/path.js';

const text = `a: 1
list:
  - { x: 1, y: [2, 3] }
  - x: &anchor { deep: true }
"quo ted": *anchor
empty:
`;
const { locate } = parseText(text, 'd.yaml');

it.each<[(string | number)[], 'key' | 'value', number, number]>([
  [['a'], 'key', 1, 1],
  [['a'], 'value', 1, 4],
  [['list', 0, 'y', 1], 'value', 3, 20],
  [['list', 1, 'x', 'deep'], 'key', 4, 18],
  [['list', 1, 'x', 'deep'], 'value', 4, 24],
  [['quo ted', 'deep'], 'value', 4, 24],
  [['list', 0, 'none', 'deeper'], 'value', 3, 5],
  [['none'], 'value', 1, 1],
  [[], 'value', 1, 1],
])('%j (%s) stands at %i:%i', (path, at, line, column) => {
  expect(locate(path, at)).toEqual({ label: `d.yaml:${line}:${column}`, line, column });
});

it('JSON has places as well', () => {
  const json = parseText('{\n  "a": { "b": -1 }\n}', 'd.json');
  expect(json.value).toEqual({ a: { b: -1 } });
  expect(json.locate(['a', 'b'], 'value').label).toBe('d.json:2:15');
});

it('what was set from outside is placed there, the last one first', () => {
  const place = (label: string) => ({ label, line: 0, column: 0 });
  const over = layered(locate, [
    { path: ['list'], place: place('first') },
    { path: ['list', 0], place: place('second') },
  ]);
  expect([['a'], ['list', 1], ['list', 0, 'y']].map((path) => over(path, 'value').label)).toEqual(['d.yaml:1:4', 'first', 'second']);
});

it('mistakes are sorted by place; the same one is told once', () => {
  const issue = (path: (string | number)[]) => ({ path, at: 'value' as const, sentence: 'is wrong' });
  const issues = [issue(['list', 0, 'y']), issue(['a'])];
  expect(inputError({ issues, locate }, { issues, locate }).message).toBe('d.yaml:1:4: a: is wrong\nd.yaml:3:16: list.0.y: is wrong');
});

it('a path survives being written and read', () => {
  const segment = fc.oneof(fc.nat(), fc.string({ minLength: 1 }).filter((s) => !/^\d+$/.test(s)));
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1 }), (path) => {
      expect(parsePath(formatPath(path))).toEqual(path);
    }),
  );
});
