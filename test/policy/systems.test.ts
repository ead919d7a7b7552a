import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { systemsAsked } from '../../src/policy/ask-systems.js';
import type { DecisionKind } from '../../src/policy/contract.js';
import { policyOptions } from '../../src/policy/load.js';
import type { NamedSystem } from '../../src/policy/named-system.js';
import { policies } from '../../src/policy/policies.js';
import { systems } from '../../src/policy/systems.js';

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const all = Object.entries<NamedSystem>(systems);

it('the map has every file under src/policy/systems, and no other', () => {
  expect(readdirSync(root('src/policy/systems')).map((file) => file.replace(/\.ts$/, '')).sort()).toEqual(Object.keys(systems).sort());
});

describe.each(all)('%s', (key, system) => {
  it('is named as in the map and says what it is, in whose words', () => {
    expect(system.name).toBe(key);
    expect(system.about).toMatch(/^[A-Z].*\.$/);
    expect(system.source).not.toBe('');
    expect(system.published.length + system.reconstructed.length).toBeGreaterThan(0);
    expect(system.runs.length).toBeGreaterThan(0);
    expect(system.runs.includes('planner') || Object.keys(system.fills).length > 0, 'decides something, or plans').toBe(true);
  });

  it('fills its decisions with policies that there are, and options that they have', () => {
    for (const [kind, fill] of Object.entries(system.fills) as [DecisionKind, NamedSystem['fills'][DecisionKind]][]) {
      const { policy, ...options } = typeof fill === 'string' ? { policy: fill } : fill!;
      expect(policies[kind], `${kind}: ${policy}`).toHaveProperty([policy]);
      expect(policyOptions(policies[kind][policy], options, []).issues).toEqual([]);
    }
  });

  it('has a section in docs/systems.md', () => {
    expect(readFileSync(root('docs/systems.md'), 'utf8')).toContain(`\n## ${key}\n`);
    if (system.checks.length > 0) expect(existsSync(root('docs/papers.md'))).toBe(true);
  });
});

it('asking for one that there is not tells the nearest name', () => {
  expect(systemsAsked('corun')).toEqual([systems.corun]);
  expect(systemsAsked()).toHaveLength(all.length);
  expect(() => systemsAsked('corum')).toThrow('unknown system "corum"; did you mean corun? (known: corun');
});
