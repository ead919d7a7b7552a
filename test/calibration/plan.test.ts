import { expect, test } from 'vitest';
import { cellName, closedTwin, jobsOf, type Cell } from '../../src/calibration/plan/cell.js';
import { cellsOf, type Matrix } from '../../src/calibration/plan/cells.js';
import { estimateMs, measuringMs } from '../../src/calibration/plan/estimate.js';
import { turnsOf } from '../../src/calibration/plan/order.js';
import { presets } from '../../src/calibration/plan/presets.js';
import { timeText } from '../../src/calibration/plan/text.js';

const matrix = (preset: keyof typeof presets, models: string[], training: string[] = []): Matrix => ({ ...presets[preset], models, training });
const names = (cells: readonly Cell[]): string[] => cells.map(cellName);

test("the paper's matrix: all subsets of eight models, none to four at once, alone and beside three training models", () => {
  const cells = cellsOf(matrix('paper', ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], ['x', 'y', 'z']), false);
  const subsets = 8 + 28 + 56 + 70;
  expect(cells.length).toBe(subsets + 3 * (subsets + 1));
  expect(new Set(names(cells)).size).toBe(cells.length);
  expect(Math.max(...cells.map(jobsOf))).toBe(4);
  expect(cells.every(({ inference }) => inference.every(({ count }) => count === 1))).toBe(true);
});

test('standard: one to four of each model, mixes, each beside each training batch, open loops whose capacity is measured', () => {
  const cells = cellsOf(matrix('standard', ['a', 'b'], ['t']), true);
  const all = names(cells);
  expect(new Set(all).size).toBe(all.length);
  expect(all).toEqual(expect.arrayContaining(['closed: a:8', 'closed: 4*b:1', 'closed: a:1 + 2*b:1', 'closed: training t:32', 'closed: 4*a:1 beside training t:8', 'closed: a:1 + b:1 beside training t:16', 'open at 90 %: a:1 beside training t:32', 'open at 10 %: 3*b:1', 'open at 60 %: a:1 + 2*b:1', 'loading: a:1 while b loads', 'memory: a:1']));
  for (const open of cells.filter(({ kind }) => kind === 'open')) expect(all).toContain(cellName(closedTwin(open)));
  expect(names(cellsOf(matrix('standard', ['a', 'b']), false)).some((name) => name.startsWith('memory'))).toBe(false);
});

test('quick: pairs of models beside training where there are no more of them than models', () => {
  const beside = (models: string[]): string[] => names(cellsOf(matrix('quick', models, ['t']), false)).filter((name) => / \+ .* beside training/.test(name));
  expect(beside(['a', 'b'])).toEqual(['closed: a:1 + b:1 beside training t:16']);
  expect(beside(['a', 'b', 'c']).length).toBe(3);
  expect(beside(['a', 'b', 'c', 'd'])).toEqual([]);
});

test('the order is random, the same for a seed, has every cell in each repetition, and solo runs all along', () => {
  const cells = cellsOf(matrix('quick', ['a', 'b'], ['t']), false);
  const turns = (seed: string) => turnsOf(cells, { models: ['a', 'b'], repeats: 2, soloEvery: 4, seed }).map(({ cell, run }) => `${cellName(cell)} ${run}`);
  expect(turns('1')).toEqual(turns('1'));
  expect(turns('1')).not.toEqual(turns('2'));
  const one = turns('1');
  expect(new Set(one).size).toBe(one.length);
  for (const run of ['r1', 'r2']) expect(one.filter((turn) => turn.endsWith(run)).length).toBe(cells.length);
  const solos = one.flatMap((turn, i) => (/ s\d+$/.test(turn) ? [i] : []));
  expect(solos.at(0)).toBe(0);
  expect(solos.at(-1)).toBe(one.length - 1);
  expect(Math.max(...solos.slice(1).map((at, i) => at - solos[i]))).toBe(5);
  // What is measured back to back tells the capacity of the open loops after it.
  const first = one.findIndex((turn) => turn.startsWith('open'));
  expect(one.slice(0, first).filter((turn) => turn.endsWith('r1')).length).toBe(cells.filter(({ kind, training }) => kind !== 'open' && training?.phase !== 'evaluate').length);
});

test('the time of a plan is the usual time of its cells, the rows that a slow model needs, and the processes that are not there yet', () => {
  const probes = { models: { a: { loadMs: 1000, soloMs: 10, hostMs: 0, input: [8, 8, 3] }, slow: { loadMs: 5000, soloMs: 2000, hostMs: 0, input: [8, 8, 3] } }, training: {} };
  const limits = { warmUpMs: 500, minMs: 1000, maxMs: 3000, minRows: 6, precision: 0.01, silentMs: 1 };
  const alone = (model: string): Cell => ({ kind: 'closed', inference: [{ model, batch: 1, count: 1 }] });
  expect(measuringMs(alone('a'), probes, limits)).toBe(2000);
  expect(measuringMs(alone('slow'), probes, limits)).toBe(12_000);
  const turn = { cell: alone('a'), run: 'r1' };
  expect(estimateMs([turn, turn], probes, limits, 4)).toBe(1500 + 2 * 2000);
  expect(estimateMs([turn, turn], probes, limits, 0)).toBe(2 * 1500 + 2 * 2000);
  // Each repetition has new processes; a solo run takes what is there.
  expect(estimateMs([turn, { ...turn, run: 's1' }, { ...turn, run: 'r2' }], probes, limits, 4)).toBe(2 * 1500 + 3 * 2000);
  expect([500, 59_000, 285_000, 3_000_000, 7_500_000].map(timeText)).toEqual(['1 s', '59 s', '4 min 45 s', '50 min', '2 h 5 min']);
});
