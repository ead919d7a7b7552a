import { expect, test } from 'vitest';
import { cellName, evaluates } from '../../src/calibration/plan/cell.js';
import { cellsOf } from '../../src/calibration/plan/cells.js';
import { turnsOf } from '../../src/calibration/plan/order.js';
import { presets } from '../../src/calibration/plan/presets.js';
import { loadProfile } from '../../src/profile/load.js';
import { calibrated, directory, settingsFor } from './fake-calibration.js';

test('evaluation is planned alone and beside one of each model, and comes last in each repetition', () => {
  const cells = cellsOf({ ...presets.quick, models: ['a', 'b'], training: ['t'] }, false);
  expect(cells.filter(({ training }) => evaluates(training)).map(cellName)).toEqual(['closed: evaluation t:16', 'closed: a:1 beside evaluation t:16', 'closed: b:1 beside evaluation t:16']);
  const turns = turnsOf(cells, { models: ['a', 'b'], repeats: 2, soloEvery: 4, seed: '1' });
  for (const run of ['r1', 'r2']) expect(turns.filter((turn) => turn.run === run).slice(-3).every(({ cell }) => evaluates(cell.training))).toBe(true);
});

test('what an evaluation does to an inference comes out as programmed, and an interrupted calibration goes on', async () => {
  const program = { slowdown: [1, 1.5], evaluate_slowdown: [1, 1.2], models: { a: { solo_ms: 8 } }, training: { t: { epoch_ms: 120, slice_ms: 12, evaluate_ms: 6 } } };
  const out = directory();
  const settings = await settingsFor(program, { training: ['t'], maxJobs: 1, noiseLimit: 0.2 });
  const first = await calibrated(settings, { out });
  const { evaluation } = (await loadProfile(first.written[1])).training!.t;
  expect(evaluation!.batch_ms / 6).toBeCloseTo(1, 1);
  for (const { factor } of [evaluation!.slows!.a, evaluation!.slowed_by!.a]) expect(Math.abs(Math.log(factor / 1.2))).toBeLessThan(0.06);
  const again = await calibrated(settings, { out });
  expect(again.entries).toEqual(first.entries);
});
