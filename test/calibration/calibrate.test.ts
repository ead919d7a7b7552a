import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runFit } from '../../src/calibration/run-fit.js';
import { loadProfile } from '../../src/profile/load.js';
import { predictCoRun } from '../../src/profile/co-run.js';
import { calibrated, directory, settingsFor } from './fake-calibration.js';

/** Times in tests on a busy machine are a little longer than programmed, alone as beside others. */
const NEAR = 0.06;

const near = (found: number, programmed: number): void => expect(Math.abs(Math.log(found / programmed)), `${found} for ${programmed}`).toBeLessThan(NEAR);

test('what was programmed is recovered: times alone, batches, slowdowns of every mix, training beside inference, epochs', async () => {
  const slowdown = [1, 1.5, 2.2];
  const program = { slowdown, models: { a: { solo_ms: 8 }, b: { solo_ms: 15, batches: { size: [1, 4], mean_ms: [15, 30] } } }, training: { t: { epoch_ms: 126, slice_ms: 12 } } };
  const out = directory();
  const result = await calibrated(await settingsFor(program, { training: ['t'], batches: [1, 4], noiseLimit: 0.2 }, { minMs: 150, maxMs: 300 }), { out });
  expect(result.calibrated).toBe(true);
  expect(readdirSync(out).sort()).toEqual(['journal.jsonl', 'observations.csv', 'profile.json']);
  const profile = await loadProfile(join(out, 'profile.json'));
  near(profile.models.a.solo_ms, 8);
  near(profile.models.b.solo_ms, 15);
  near(profile.models.b.batches!.mean_ms[1], 30);
  // Ten steps and a half.
  near(profile.training!.t.epoch_s, 0.126);
  near(profile.training!.t.step_ms!, 12);
  for (const [jobs, training] of [[['a', 'a'], undefined], [['a', 'b'], undefined], [['a'], 't'], [['a', 'b'], 't'], [['b', 'b'], 't']] as const) {
    const { latencyMs, epochMs, outside } = predictCoRun(profile, jobs, training);
    const factor = slowdown[jobs.length + (training === undefined ? 0 : 1) - 1];
    expect(outside).toBeUndefined();
    jobs.forEach((model, i) => near(latencyMs[i] - profile.models[model].host_ms!, factor * program.models[model].solo_ms));
    if (epochMs !== undefined) near(epochMs, factor * 126);
  }
  // The intervals of the fit hold what was programmed, for nearly all groups.
  const { result: fit } = await runFit(join(out, 'observations.csv'));
  const solo: Record<string, number> = { a: 8, b: 15, t: 12 };
  const single = fit.fit.rows.filter(({ group }) => !group.includes('batch 4'));
  const held = single.filter(({ group, inference_jobs, training_jobs, interval95_ms: [low, high] }) => {
    const programmed = solo[group.split(/[ ,]/)[1]] * slowdown[inference_jobs + training_jobs - 1];
    return programmed >= low && programmed <= high;
  });
  expect(single.length).toBeGreaterThan(10);
  expect(held.length / single.length, single.map((r) => `${r.group} ${r.interval95_ms.join('..')}`).join('\n')).toBeGreaterThan(0.8);
  const { calibration } = profile;
  expect(calibration).toMatchObject({ backend: 'fake', sessions: 1, cells: { failed: [], left_out: [] }, training: { 't:16': { waits_for: 'accelerator' } }, resolved: { shapes: { a: { input: [8, 8, 3] } } } });
});

test('what idleness costs is recovered from open loops, alone and beside training, by the number of processes', async () => {
  const program = {
    slowdown: [1, 1.5, 2],
    models: { a: { solo_ms: 8, after_idle: { alone: { cools_ms: 10, processes: [1], added_ms: [3] }, beside_training: { cools_ms: 10, processes: [1], added_ms: [7] } } } },
    training: { t: { epoch_ms: 120, slice_ms: 12 } },
  };
  const result = await calibrated(await settingsFor(program, { training: ['t'], shares: [30], noiseLimit: 0.2 }, { minMs: 200, maxMs: 700 }));
  const profile = await loadProfile(result.written[1]);
  const { alone, beside_training: beside } = profile.models.a.after_idle!;
  expect([alone!.processes, beside!.processes]).toEqual([[1, 2], [1, 2]]);
  expect(Math.abs(Math.log(alone!.cools_ms / 10)), `${alone!.cools_ms} ms to cool`).toBeLessThan(1);
  // A process that is woken by an image is a fraction of a millisecond late besides, which is measured too.
  for (const ms of alone!.added_ms) expect(Math.abs(ms - 3), `${alone!.added_ms.join()} alone`).toBeLessThan(1);
  for (const ms of beside!.added_ms) expect(Math.abs(ms - 7), `${beside!.added_ms.join()} beside training`).toBeLessThan(1.5);
  near(profile.models.a.solo_ms, 8);
  // Open loops do not move the slowdowns.
  near(predictCoRun(profile, ['a', 'a'], undefined).latencyMs[0] - profile.models.a.host_ms!, 12);
});

test('an open loop of several models offers each a share of its own capacity: none has a queue that grows', async () => {
  const program = { slowdown: [1, 1.5], models: { fast: { solo_ms: 4 }, slow: { solo_ms: 16 } } };
  const result = await calibrated(await settingsFor(program, { noiseLimit: 0.5, shares: [70] }, { besideTraining: 'all', minMs: 600, maxMs: 1000 }));
  const mix = result.entries.find(({ turn }) => turn.startsWith('open at 70 %: fast:1 + slow:1'))!.measured!;
  // Beside each other 6 and 24 ms: 117 and 29 images/s are 70 %, 146 in all. Half of that each would be more than the slow one can do.
  expect(Math.abs(mix.offeredRps! / (0.7 * (1000 / 6 + 1000 / 24)) - 1)).toBeLessThan(0.15);
  const [fast, slow] = ['fast', 'slow'].map((model) => mix.series.find((s) => s.model === model)!.done.length);
  expect(fast / slow).toBeGreaterThan(2.4);
  expect(fast / slow).toBeLessThan(6.5);
});

test('a job that waits for its loader is told apart from one that waits for the accelerator, and from noise', async () => {
  const program = { slowdown: [1, 1.8, 2.6], models: { a: { solo_ms: 6 } }, training: { loads: { epoch_ms: 60, slice_ms: 6, loader_ms: 18 }, computes: { epoch_ms: 180, slice_ms: 18 } } };
  const result = await calibrated(await settingsFor(program, { training: ['loads', 'computes'], maxJobs: 2, noiseLimit: 0.2 }));
  const { calibration, training } = await loadProfile(result.written[1]);
  expect(calibration!.training).toMatchObject({ 'loads:16': { waits_for: 'loader' }, 'computes:16': { waits_for: 'accelerator' } });
  near(training!.loads.epoch_s, 0.18);
  expect(result.noise!.verdict).toBe('quiet');
});
