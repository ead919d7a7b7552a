import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { numberSets } from '../../src/papers/number-sets.js';
import { verdictOf, type NumberSet } from '../../src/papers/number-set.js';
import { papersPage, sectionOf } from '../../src/papers/page.js';
import { systems } from '../../src/policy/systems.js';

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const page = readFileSync(root('docs/papers.md'), 'utf8');
const all = Object.entries<NumberSet>(numberSets);

it('the map has every file of numbers, and docs/papers.md has a section for each and no other', () => {
  expect(readdirSync(root('src/papers/checks')).map((file) => file.replace(/\.ts$/, '')).sort()).toEqual(Object.keys(numberSets).sort());
  expect([...page.matchAll(/^## (.+)$/gm)].map(([, name]) => name)).toEqual(Object.keys(numberSets));
});

it('what a system says is checked, is', () => {
  for (const { name, checks } of Object.values<{ name: string; checks: readonly string[] }>(systems))
    for (const check of checks) expect(numberSets, name).toHaveProperty([check]);
});

describe.each(all.filter(([, { fast }]) => fast))('%s', (key, set) => {
  it('gives what docs/papers.md says, and no number differs without a reason', async () => {
    const rows = await set.run();
    expect(set.name).toBe(key);
    expect(page, 'run npm run papers').toContain(sectionOf(set, rows).trimEnd());
    expect(rows.filter((row) => verdictOf(row) === 'differs' && row.because === undefined)).toEqual([]);
    expect(rows.some((row) => verdictOf(row) !== 'shown')).toBe(true);
  });
});

describe('a verdict', () => {
  it('is met at the border of the tolerance, absolute or relative, and not beyond', () => {
    expect(verdictOf({ what: '', published: 10, ours: 10.3, within: 0.3 })).toBe('met');
    expect(verdictOf({ what: '', published: 10, ours: 10.31, within: 0.3 })).toBe('differs');
    expect(verdictOf({ what: '', published: -10, ours: -10.5, within: { share: 0.05 } })).toBe('met');
    expect(verdictOf({ what: '', published: -10, ours: -10.6, within: { share: 0.05 } })).toBe('differs');
  });

  it('of a claim without a tolerance, or that cannot be had, is never met', () => {
    expect(verdictOf({ what: '', published: 10, ours: 10 })).toBe('shown');
    expect(verdictOf({ what: '', published: 10, ours: undefined, within: 1 })).toBe('shown');
    expect(verdictOf({ what: '', published: 'a b', ours: 'a b', within: 0 })).toBe('met');
    expect(verdictOf({ what: '', published: 'a b', ours: 'a c', within: 0 })).toBe('differs');
  });

  it('stands in the page with its reason', () => {
    const set = { name: 'toy', about: 'A toy.', source: 'a book', fast: true, run: () => [] };
    const rows = [{ what: 'speed', published: 10, ours: 12, unit: 'm/s', within: 1, because: 'of wind' }];
    expect(papersPage([{ set, rows }])).toContain('| speed | 10 m/s | 12 m/s | +2 | ± 1 | **differs**, because of wind |');
    expect(papersPage([{ set, rows }])).toContain('1 numbers: 0 met, 1 differ, 0 not asserted.');
  });
});
