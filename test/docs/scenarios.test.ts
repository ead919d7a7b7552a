import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { loadScenario } from '../../src/scenario/load.js';
import { resolveAlternatives } from '../../src/scenario/resolve.js';
import { ScenarioSchema } from '../../src/scenario/schema.js';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/scenarios.md', root), 'utf8');

interface Node {
  properties?: Record<string, Node>;
  items?: Node;
  anyOf?: Node[];
}

/** Decisions, streams and profiles have options and pages of their own. */
const ELSEWHERE = ['route', 'select', 'dispatch', 'retrain', 'place', 'arrivals', 'trace', 'profile'];

function fieldsOf(node: Node): string[] {
  const own = Object.entries(node.properties ?? {}).flatMap(([field, inner]) => [field, ...(ELSEWHERE.includes(field) ? [] : fieldsOf(inner))]);
  return [...own, ...(node.items === undefined ? [] : fieldsOf(node.items)), ...(node.anyOf ?? []).flatMap(fieldsOf)];
}

it.each([...new Set(fieldsOf(ScenarioSchema as Node))])('docs/scenarios.md names the field %s', (field) => {
  expect(page).toMatch(new RegExp(`[\`{ ,]${field}[\`}: ,]`));
});

it('the example on the page is a scenario', async () => {
  const example = /```yaml\n(# yaml-language-server.*?)```/s.exec(page)![1];
  const folder = await mkdtemp(join(tmpdir(), 'corun-docs-'));
  try {
    const file = join(folder, 'example.yaml');
    await writeFile(file, example.replaceAll('../calibration/', fileURLToPath(new URL('calibration/', root))));
    expect((await resolveAlternatives(await loadScenario(file))).map(({ name }) => name)).toEqual(['corun', 'time-sharing']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('the page lists every scenario of the repository', () => {
  const files = readdirSync(new URL('scenarios/', root), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
  expect(files.filter((name) => !page.includes(`(../scenarios/${name})`))).toEqual([]);
});
