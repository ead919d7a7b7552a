import { expect, test } from 'vitest';
import { BackToBack } from '../../src/calibration/measure/drivers.js';
import { JobProcess } from '../../src/calibration/measure/job-process.js';
import { withParts } from '../../src/calibration/measure/series.js';
import { observationsCsv } from '../../src/calibration/observations/write.js';
import { runFit } from '../../src/calibration/run-fit.js';
import { partsTable } from '../../src/report/fit/parts.js';
import { built } from '../experiment/built.js';
import { fileOf } from './files.js';

test('a backend whose calls do it at once tells decoding, upload and reading back apart; rows, profile and page have them', async () => {
  built('executor/worker/main.js');
  const model = 'squeezenet1_0';
  const job = await JobProcess.load('a', { engine: 'wasm', options: { models: { [model]: { input_size: 32, classes: 4 } } }, accelerator: 0 }, { serve: model });
  const driver = new BackToBack(job, model, 2);
  driver.start();
  while (driver.series.done.length < 40) await new Promise((passed) => setTimeout(passed, 5));
  await driver.stop();
  job.kill();
  for (const { durationMs, parts } of driver.series.done) {
    const { decodeMs = NaN, uploadMs = NaN, readbackMs = NaN } = parts!;
    expect(Math.min(decodeMs, uploadMs, readbackMs)).toBeGreaterThanOrEqual(0);
    expect(decodeMs + uploadMs + readbackMs).toBeLessThan(durationMs);
  }
  const series = withParts(driver.series, 30);
  expect(series.done).toHaveLength(30);
  expect(series.done[0].parts).toBeUndefined();
  const cell = { kind: 'closed' as const, inference: [{ model, batch: 2, count: 1 }] };
  const csv = observationsCsv([{ turn: 't', cell, run: 'r1', session: 1, startedMs: 0, endedMs: 1, measured: { series: [series], warmUpMs: 0, steady: true, device: {} } }]);
  const { profile, page } = await runFit(fileOf(csv), { profileName: 'p', blockMs: 100 });
  const { decodeMs, uploadMs, readbackMs } = series.parts!;
  expect(profile!.models[model].parts).toEqual({ decode_ms: expect.closeTo(decodeMs!, 3) as number, upload_ms: expect.closeTo(uploadMs!, 3) as number, readback_ms: expect.closeTo(readbackMs!, 3) as number });
  expect(partsTable(page)).toContain('squeezenet1_0, batch 2');
  expect(partsTable({ ...page, groups: page.groups.map(({ parts: _, ...group }) => group) })).toBe('');
});
