import { expect, test } from 'vitest';
import { learningOf } from '../../src/calibration/learning.js';
import { JobPool } from '../../src/calibration/measure/pool.js';
import { cellName, evaluates } from '../../src/calibration/plan/cell.js';
import { cellsOf } from '../../src/calibration/plan/cells.js';
import { turnsOf } from '../../src/calibration/plan/order.js';
import { presets } from '../../src/calibration/plan/presets.js';
import { runFit } from '../../src/calibration/run-fit.js';
import { loadProfile } from '../../src/profile/load.js';
import { built } from '../experiment/built.js';
import { calibrated, directory, settingsFor } from './fake-calibration.js';
import { fileOf } from './files.js';

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
  const abort = new AbortController();
  const turns: string[] = [];
  const turn = (name: string): void => void turns.push(name);
  const untilEvaluation = (name: string): void => {
    turn(name);
    if (name.includes('a:1 beside evaluation')) abort.abort();
  };
  await expect(calibrated(settings, { out, turn: untilEvaluation, abort: abort.signal })).rejects.toThrow('aborted');
  const cut = turns.at(-1);
  const first = await calibrated(settings, { out, turn });
  expect(first.calibrated).toBe(true);
  // Only the cell that was cut off is begun twice.
  expect(turns.filter((name, i) => turns.indexOf(name) !== i)).toEqual([cut]);
  const { evaluation } = (await loadProfile(first.written[1])).training!.t;
  expect(evaluation!.batch_ms / 6).toBeCloseTo(1, 1);
  for (const { factor } of [evaluation!.slows!.a, evaluation!.slowed_by!.a]) expect(Math.abs(Math.log(factor / 1.2))).toBeLessThan(0.06);
});

test('a process evaluates on wasm: batch by batch through the held-out images, until it is paused, and again', async () => {
  built('executor/worker/main.js');
  const choice = { source: 'mobilenet_v1_025', input_size: 32, classes: 4 };
  const pool = new JobPool({ engine: 'wasm', options: { models: { small: choice } }, accelerator: 0, learning: { small: learningOf('small', choice, { count: 60 }) } }, 0, 0);
  const job = await pool.training({ model: 'small', batch: 4, phase: 'evaluate' });
  const wholes: boolean[] = [];
  let epochs = 0;
  const passes = new Promise<void>((twice) => (job.listener = { sliceEnded: (_ms, _heard, whole) => void wholes.push(whole), epochEnded: () => void (++epochs >= 2 && twice()) }));
  job.train();
  await passes;
  await job.paused();
  const after = wholes.length;
  await new Promise((passed) => setTimeout(passed, 100));
  expect(wholes.length).toBe(after);
  // Each pass asks about the same images, so it has as many batches, of which the last may have fewer images.
  expect(job.epochSlices).toBeGreaterThan(1);
  expect(wholes.slice(0, job.epochSlices - 1)).not.toContain(false);
  job.train();
  await expect.poll(() => wholes.length).toBeGreaterThan(after);
  await job.paused();
  pool.end();
});

test('rows of an evaluation do not move what a calibrated profile says of training', async () => {
  const head = 'run,process,workload,model,batch,phase,mode,inference_jobs,training_jobs,training_model,training_batch,duration_ms';
  const rows = (n: number, fixed: string, ms: number) => Array.from({ length: n }, (_, i) => `${fixed},${(ms * (1 + 0.01 * (i % 5))).toFixed(3)}`);
  const train = [
    ...rows(40, 'r,a,inference,a,1,solo,closed,1,0,,', 10),
    ...rows(40, 'r,a,inference,a,1,train,closed,1,1,t,16', 15),
    ...rows(20, 'r,t,training,t,16,train,closed,0,1,t,16', 100),
    ...rows(20, 'r,t,training,t,16,train,closed,1,1,t,16', 130),
  ];
  const evaluate = [...rows(40, 'r,a,inference,a,1,evaluate,closed,1,1,t,16', 40), ...rows(20, 'r,e,training,t,16,evaluate,closed,0,1,t,16', 7), ...rows(20, 'r,e,training,t,16,evaluate,closed,1,1,t,16', 30)];
  const profileOf = async (lines: string[]) => {
    const { source: _source, ...rest } = (await runFit(fileOf([head, ...lines, ''].join('\n')), { profileName: 'p', withoutEvaluation: true })).profile!;
    return rest;
  };
  expect(await profileOf([...train, ...evaluate])).toEqual(await profileOf(train));
});
