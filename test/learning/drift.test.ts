import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { driftedAccuracy, standardErrorOf, trainedAccuracy } from '../../src/learning/accuracy.js';
import { HOUR_MS } from '../../src/learning/drift.js';
import { drifts } from '../../src/learning/drifts.js';

const made = {
  none: drifts.none.create({}),
  gradual: drifts.gradual.create({ half_life_h: 6 }),
  sudden: drifts.sudden.create({ at_h: [8, 2], lost_share: 0.5 }),
  recurring: drifts.recurring.create({ period_h: 24, lost_share: 0.4 }),
};

it('the map has every file, and the page a section for each', () => {
  const names = readdirSync(new URL('../../src/learning/drift/', import.meta.url)).map((file) => file.replace('.ts', ''));
  expect(Object.keys(drifts).sort()).toEqual(names.sort());
  const page = readFileSync(new URL('../../docs/learning.md', import.meta.url), 'utf8');
  for (const [name, drift] of Object.entries(drifts)) {
    expect(drift.name).toBe(name);
    expect(page).toContain(`### ${name}\n`);
    for (const option of Object.keys(drift.options.properties)) expect(page).toContain(`\`${option}\``);
  }
});

it.each(Object.entries(made))('%s: what is known of the present holds, and a match is a share', (_, drift) => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), fc.double({ min: 0, max: 1e9, noNaN: true }), (c, age) => {
      expect(drift.match(c, c)).toBe(1);
      const match = drift.match(c, c + age);
      expect(match).toBeGreaterThanOrEqual(0);
      expect(match).toBeLessThanOrEqual(1);
    }),
  );
});

it('matches by hand', () => {
  expect(made.gradual.match(HOUR_MS, 7 * HOUR_MS)).toBeCloseTo(0.5, 12);
  expect(made.gradual.match(0, 12 * HOUR_MS)).toBeCloseTo(0.25, 12);
  expect([1.9, 2, 8].map((h) => made.sudden.match(0, h * HOUR_MS))).toEqual([1, 0.5, 0.25]);
  expect(made.sudden.match(2 * HOUR_MS, 3 * HOUR_MS)).toBe(1);
  expect(made.sudden.changesMs).toEqual([2 * HOUR_MS, 8 * HOUR_MS]);
  expect(made.recurring.match(0, 12 * HOUR_MS)).toBeCloseTo(0.6, 12);
  expect(made.recurring.match(HOUR_MS, 25 * HOUR_MS)).toBeCloseTo(1, 12);
});

it('curves by hand', () => {
  expect(trainedAccuracy(0.5, 0.9, 0, 3)).toBeCloseTo(0.5, 12);
  expect(trainedAccuracy(0.5, 0.9, 6, 3)).toBeCloseTo(0.8, 12);
  expect(driftedAccuracy(0.8, 0.2, 0.5)).toBeCloseTo(0.5, 12);
  expect(standardErrorOf(0.5, 100)).toBeCloseTo(0.05, 12);
});
