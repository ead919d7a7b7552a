import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Event } from '../../src/policy/contract.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const pages = [
  'README.md',
  'CHANGELOG.md',
  'notebooks/README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md')).map((name) => join('docs', name)),
];

it.each(pages)('%s says something, and every link of it leads somewhere', (page) => {
  const text = read(page).replaceAll(/```.*?```/gs, '');
  expect(text.trim()).not.toBe('');
  const targets = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)|src(?:set)?="([^"]+)"/g)].map((match) => match[1] ?? match[2]);
  const missing = targets.filter((target) => !/^https?:/.test(target) && !existsSync(join(root, dirname(page), target)));
  expect(missing).toEqual([]);
});

it.each(['README.md', 'docs/adding-a-policy.md'])('the policy shown in %s is the one in scenarios/policies', (page) => {
  const [, ...lines] = read('scenarios/policies/shortest-first.mjs').split('\n');
  expect(/```js\n(.*?)```/s.exec(read(page))![1]).toBe(lines.join('\n'));
});

it('the README shows the output of the present quickstart', () => {
  const { title, alternatives, seed } = parse(read('scenarios/quickstart.yaml'));
  const shown = /```text\n(.*?)```/s.exec(read('README.md'))![1];
  expect(shown).toContain(`${title}\nscenarios/quickstart.yaml · seed ${seed} · `);
  const rows = shown.split('\n\n')[1].split('\n').slice(1);
  expect(rows.map((row) => row.split(/ {2,}/)[0]).sort()).toEqual(alternatives.map(({ name }: { name: string }) => name).sort());
});

describe('docs/adding-a-policy.md', () => {
  const page = read('docs/adding-a-policy.md');

  it.each(Object.keys(Event))('names the event %s', (event) => {
    expect(page).toContain(`| \`${event}\` |`);
  });

  it.each(['Route', 'Select', 'Dispatch', 'Retrain', 'Place'])('names all that %s policies see and can do', (decision) => {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${decision.toLowerCase()}\` | \``))!;
    for (const side of ['View', 'Commands']) {
      const body = new RegExp(`export interface ${decision}${side} \\{\n(.*?)\n\\}`, 's').exec(read('src/policy/contract.ts'))![1];
      const members = [...body.matchAll(/^ {2}(?:readonly )?(\w+)[(:]/gm)].map((match) => match[1]);
      expect(members.length).toBeGreaterThan(0);
      expect(members.filter((member) => !new RegExp(`\`${member}[\`(]`).test(row))).toEqual([]);
    }
  });
});

it('the notebook is a notebook, with no results left in it', () => {
  const { nbformat, cells } = JSON.parse(read('notebooks/compare.ipynb'));
  expect(nbformat).toBe(4);
  for (const cell of cells) if (cell.cell_type === 'code') expect([cell.outputs, cell.execution_count]).toEqual([[], null]);
});
