import { expect, test } from 'vitest';
import { judge, type SoloRun } from '../../src/calibration/noise.js';
import { normal } from '../../src/random/normal.js';
import { stream } from '../../src/random/stream.js';

/** Solo runs of two models, by turns, ten seconds apart. @param factor of each run on the time alone */
function runs(count: number, factor: (i: number) => number): SoloRun[] {
  return Array.from({ length: count }, (_, i) => ({ model: i % 2 === 0 ? 'a' : 'b', atMs: 10_000 * i, medianMs: (i % 2 === 0 ? 4 : 40) * factor(i), rowCv: 0.02 }));
}

test('runs that agree are of a quiet machine, though models differ', () => {
  const draw = stream(1, 'quiet');
  expect(judge(runs(20, () => 1 + 0.005 * normal(draw)))).toMatchObject({ verdict: 'quiet', runs: 20 });
  expect(judge(runs(8, () => 1))).toMatchObject({ verdict: 'quiet', spread: 0, drift: 0 });
});

test('the spread that is told is that of the runs, and beyond the limit the machine is noisy', () => {
  const draw = stream(1, 'noisy');
  const { spread, verdict, because } = judge(runs(60, () => Math.exp(0.08 * normal(draw))));
  expect(spread).toBeGreaterThan(0.06);
  expect(spread).toBeLessThan(0.1);
  expect(verdict).toBe('noisy');
  expect(because).toMatch(/differed by [6-9]\.\d % from time to time \(allowed 3\.0 %/);
});

test('a machine that becomes slower drifts: that is no spread, and is refused by itself', () => {
  const { spread, drift, verdict, because } = judge(runs(20, (i) => 1.1 ** (i / 19)));
  expect(drift).toBeCloseTo(0.1, 1);
  expect(spread).toBeLessThan(0.03);
  expect(verdict).toBe('noisy');
  expect(because).toMatch(/^it drifted by /);
});

test('one wild run among twenty is seen; with too few runs nothing is claimed', () => {
  expect(judge(runs(20, (i) => (i === 7 ? 1.3 : 1)))).toMatchObject({ verdict: 'noisy' });
  expect(judge(runs(3, () => 1)).verdict).toBe('unknown');
});

test('what fell between two solo runs is seen in cells that were measured again', () => {
  const cells = (factor: number) => [{ name: 'a', mediansMs: [10, 10.05] }, { name: 'b', mediansMs: [30, 30 * factor, 30] }, { name: 'once', mediansMs: [7] }];
  expect(judge(runs(20, () => 1), undefined, cells(1.01))).toMatchObject({ verdict: 'quiet', repeated: { cells: 2, worst: 'b' } });
  const noisy = judge(runs(20, () => 1), undefined, cells(1.3));
  expect(noisy.verdict).toBe('noisy');
  expect(noisy.because).toMatch(/^cells that were measured again differed by \d+\.\d % \(allowed 6\.0 %; most: b\)/);
});
