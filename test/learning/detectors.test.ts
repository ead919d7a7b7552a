import { describe, expect, it } from 'vitest';
import type { Detector } from '../../src/learning/detector.js';
import { adwin } from '../../src/learning/detectors/adwin.js';
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

  // Measured over 400 streams, the standard error being 0.025 at most: what many tests at three standard deviations add up to.
  it.each([
    [0.1, 2000, 0.415],
    [0.3, 500, 0.155],
    [0.3, 2000, 0.205],
  ])('cries wolf on stationary streams, errors %d, %d labels: in a share of %d', (p, length, share) => {
    const measured = trials((t) => alarmAt(ddm(), t, p, length, p, length)).filter((n) => n !== undefined).length / TRIALS;
    expect(Math.abs(measured - share)).toBeLessThan(0.02);
  });

  it('says nothing of a fall of the error, nor before 30 labels', () => {
    expect(alarmAt(ddm(), 0, 1, 29, 1, 29)).toBeUndefined();
    const detector = ddm();
    for (let n = 0; n < 200; n++) expect(detector.add(n < 100 && n % 2 === 0)).toBe(false);
  });
});

describe('ADWIN', () => {
  it.each([0.05, 0.2, 0.5])('speaks after at most the share δ of the labels of a stationary stream, errors %d', (p) => {
    const delta = 0.01;
    const LENGTH = 2000;
    let alarms = 0;
    for (let trial = 0; trial < 100; trial++) {
      const detector = adwin(delta);
      const draw = stream('adwin', trial);
      for (let n = 0; n < LENGTH; n++) if (detector.add(draw() < p)) alarms++;
    }
    expect(alarms / (100 * LENGTH)).toBeLessThanOrEqual(delta);
    // Far below the guarantee in truth: fewer than one stream in ten has any.
    expect(alarms).toBeLessThan(10);
  });

  it('finds a rise by d soon after the n₁ that make ε_cut < d', () => {
    // 0.1 to 0.5 after 1000: with σ² of 0.1 × 0.9 and ln(2 ln 1000 / 0.002) = 8.8, ε_cut is 0.4 at n₁ of about 34, about half of it each of its two terms; the older part is long, so the harmonic mean is about n₁.
    const delays = trials((t) => alarmAt(adwin(), t, 0.1, 1000, 0.5, 1200)).filter((n) => n !== undefined && n >= 1000).map((n) => n! - 1000);
    expect(delays.length / TRIALS).toBeGreaterThan(0.95);
    const mean = delays.reduce((a, b) => a + b) / delays.length;
    expect(mean).toBeGreaterThan(12);
    expect(mean).toBeLessThan(50);
  });

  it('says nothing of a fall of the error, and adapts to it', () => {
    const detector = adwin();
    const draw = stream('fall', 1);
    for (let n = 0; n < 2000; n++) expect(detector.add(draw() < (n < 1000 ? 0.5 : 0.05))).toBe(false);
    let n = 0;
    while (n < 100 && !detector.add(draw() < 0.5)) n++;
    expect(n).toBeLessThan(100);
  });
});

it.each([adwin(), ddm(), pageHinkley(0.005, 5)])('a detector that is reset begins anew', (detector) => {
  const run = () => alarmAt(detector, 3, 0.05, 100, 0.9, 1000);
  const first = run();
  expect(first).toBeDefined();
  detector.reset();
  expect(run()).toBe(first);
});
