import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { metricNames, metrics } from '../../src/scenario/metrics.js';

const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
const rows = page.split('\n').filter((line) => /^\| `\w+` \|/.test(line)).map((line) => line.split('|').map((cell) => cell.trim()).slice(1, -1));
const named = (name: string): string[] | undefined => rows.find(([cell]) => cell === `\`${name}\``);

it.each(metricNames)('docs/metrics.md defines %s with its unit and its good direction', (name) => {
  const [, unit, better, formula, absent] = named(name) ?? [];
  expect([unit, better]).toEqual([metrics[name].unit, metrics[name].better]);
  expect(formula).toMatch(/\w+/);
  expect(absent).toMatch(/\w+/);
});

it('docs/metrics.md lists no metric that does not exist', () => {
  const verdicts = ['overloaded', 'backlogged', 'stable', 'refused'];
  expect(rows.map(([cell]) => cell.slice(1, -1)).filter((name) => !verdicts.includes(name))).toEqual(metricNames);
});
