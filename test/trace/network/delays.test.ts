import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DelayModel } from '../../../src/trace/network/delay.js';
import { delays } from '../../../src/trace/network/delays.js';

const docs = readFileSync(new URL('../../../docs/networks.md', import.meta.url), 'utf8');

/** Options of each law for the tests that look at all of them. */
const OPTIONS: Record<string, unknown> = { fixed_ms: 12, normal: { mean_ms: 20, sd_ms: 15 }, survival: [[5, 1], [5, 0.5], [8, 0.5], [40, 0]] };

describe.each(Object.entries<DelayModel>(delays))('delay %s', (name, model) => {
  it('says what it is under its own name, and has a section in docs/networks.md', () => {
    expect(model.name).toBe(name);
    expect(model.about).toMatch(/^[A-Z].*\.$/);
    expect(model.source).toMatch(/\.$/);
    expect(docs).toMatch(new RegExp(`^### \`${name}\`$`, 'm'));
  });

  it('is a quantile function: never negative, never falling; and constant exactly where nothing is drawn', () => {
    const quantile = model.quantile(OPTIONS[name]);
    const uniform = fc.double({ min: 0, max: 1 - 2 ** -32, noNaN: true });
    fc.assert(
      fc.property(uniform, uniform, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(quantile(low)).toBeGreaterThanOrEqual(0);
        expect(quantile(high)).toBeGreaterThanOrEqual(quantile(low));
      }),
    );
    expect(quantile(0.01) !== quantile(0.99)).toBe(model.drawn);
  });
});
