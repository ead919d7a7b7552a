import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { PolicyDefinition } from '../../src/policy/contract.js';
import { policies } from '../../src/policy/policies.js';

const read = (path: string): string => readFileSync(new URL(`../../docs/policies/${path}`, import.meta.url), 'utf8');
const HEADINGS = ['## Options', '## When to use it', '## When not to use it', '## Source'];

const entries = Object.entries(policies).flatMap(([kind, known]) =>
  Object.entries(known as Record<string, PolicyDefinition>).map(([name, policy]) => [kind, name, policy] as const),
);

describe.each(entries)('docs/policies/%s/%s.md', (kind, name, policy) => {
  const page = read(`${kind}/${name}.md`);
  const properties = (policy.options as { properties?: Record<string, { default?: unknown }> }).properties ?? {};
  const options = /## Options\n\n(.*?)\n\n##/s.exec(page)?.[1] ?? '';

  it('has the headings of every policy page, and text under each', () => {
    expect(page).toMatch(new RegExp(`^# ${name}\\n\\n\\S`));
    expect(page.split('\n').filter((line) => line.startsWith('## '))).toEqual(HEADINGS);
    for (const heading of HEADINGS) expect(page.split(`${heading}\n\n`)[1]).toMatch(/^[^#\s]/);
  });

  it('lists every option with its default, and no other', () => {
    const rows = options.split('\n').filter((line) => line.startsWith('| `')).map((line) => line.split('|').map((cell) => cell.trim()));
    expect(rows.map(([, option]) => option.slice(1, -1))).toEqual(Object.keys(properties));
    for (const [, option, shown] of rows) {
      const { default: value } = properties[option.slice(1, -1)];
      if (value !== undefined) expect(shown).toBe(String(value));
    }
    if (rows.length === 0) expect(options).toBe('None.');
  });

  it('is listed', () => {
    expect(read('README.md')).toContain(`(${kind}/${name}.md)`);
  });
});
