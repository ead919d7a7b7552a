import { describe, expect, it } from 'vitest';
import type { Detector } from '../../src/learning/detector.js';
import { ddm } from '../../src/learning/detectors/ddm.js';
import { pageHinkley } from '../../src/learning/detectors/page-hinkley.js';
import { stream } from '../../src/random/stream.js';

/** Label at which the detector speaks, the error being `before` for `change` labels and `after` from then on; undefined if it never does. */
function alarmAt(detector: Detector, trial: number, before: number, change: number, after: number, length: number): number | undefined {
  const draw = stream('detectors', trial);
  for (let n = 0; n < length; n++) if (detector.add(draw() < (n < change ? before : after))) return n;
  return undefined;
}

const TRIALS = 400;
const trials = <T>(of: (trial: number) => T): T[] => Array.from({ length: TRIALS }, (_, trial) => of(trial));

it('Page–Hinkley is silent on a stationary stream, and speaks λ / (d − δ) labels after a rise by d', () => {
  expect(trials((t) => alarmAt(pageHinkley(0.05, 20), t, 0.1, 2000, 0.1, 2000)).filter((n) => n !== undefined).length / TRIALS).toBeLessThan(0.01);
  const delays = trials((t) => alarmAt(pageHinkley(0.05, 20), t, 0.1, 2000, 0.6, 4000)! - 2000);
  const mean = delays.reduce((a, b) => a + b) / TRIALS;
  // 20 / 0.45 = 44.4; the mean that follows the rise makes it a little later, the noise before it a little earlier.
  expect(mean).toBeGreaterThan(35);
  expect(mean).toBeLessThan(55);
});

it('DDM speaks by hand-computed arithmetic', () => {
  // 30 labels with 3 errors: p = 0.1, s = √(0.09/30) = 0.05477; limit p + 3 s = 0.2643.
  const detector = ddm();
  const labels = Array.from({ length: 30 }, (_, i) => i < 3);
  expect(labels.some((wrong) => detector.add(wrong))).toBe(false);
  let wrongs = 1;
  while (!detector.add(true)) wrongs++;
  const statistic = (k: number) => (3 + k) / (30 + k) + Math.sqrt((((3 + k) / (30 + k)) * (27 / (30 + k))) / (30 + k));
  expect(statistic(wrongs)).toBeGreaterThanOrEqual(0.1 + 3 * Math.sqrt(0.003));
  expect(statistic(wrongs - 1)).toBeLessThan(0.1 + 3 * Math.sqrt(0.003));
});

describe('DDM', () => {
  it('finds a rise from 0.1 to 0.5 within 200 labels nearly always, and is less often wrong than right', () => {
    const found = trials((t) => alarmAt(ddm(), t, 0.1, 500, 0.5, 700));
    expect(found.filter((n) => n !== undefined).length / TRIALS).toBeGreaterThan(0.95);
    expect(found.filter((n) => n !== undefined && n < 500).length / TRIALS).toBeLessThan(0.5);
  });

  it('says nothing of a fall of the error, nor before 30 labels', () => {
    expect(alarmAt(ddm(), 0, 1, 29, 1, 29)).toBeUndefined();
    const detector = ddm();
    for (let n = 0; n < 200; n++) expect(detector.add(n < 100 && n % 2 === 0)).toBe(false);
  });
});

it.each([ddm(), pageHinkley(0.005, 5)])('a detector that is reset begins anew', (detector) => {
  const run = () => alarmAt(detector, 3, 0.05, 100, 0.9, 1000);
  const first = run();
  expect(first).toBeDefined();
  detector.reset();
  expect(run()).toBe(first);
});
