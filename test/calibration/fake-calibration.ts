import { RECORD } from '../../src/executor/engines/fake/device.js';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calibrate, type CalibrateOptions, type Calibrated } from '../../src/calibration/calibrate.js';
import { settingsOf, type CalibrationRequest } from '../../src/calibration/read-settings.js';
import type { CalibrationSettings } from '../../src/calibration/settings.js';
import { built } from '../experiment/built.js';
import type { Program } from '../executor/fake-system.js';

/** A directory for one calibration. */
export const directory = (): string => mkdtempSync(join(tmpdir(), 'corun-calibrate-'));

/** A file with a fake program. */
export function programFile(program: Program): string {
  const path = join(directory(), 'program.json');
  writeFileSync(path, JSON.stringify(program));
  return path;
}

/** Short times, so that a cell takes a fraction of a second. */
export async function settingsFor(program: Program, request: Partial<CalibrationRequest> = {}, times: Partial<CalibrationSettings> = {}): Promise<CalibrationSettings> {
  built('executor/worker/main.js');
  const settings = await settingsOf({ backend: 'fake', program: programFile(program), models: [], training: [], preset: 'quick', acceptNoise: false, seed: '1', batches: [1], shares: [], maxJobs: 2, ...request });
  return { ...settings, warmUpMs: 0, minMs: 200, maxMs: 500, repeats: 1, loading: false, budgetS: Infinity, ...times };
}

export const calibrated = (settings: CalibrationSettings, options: Partial<CalibrateOptions> = {}): Promise<Calibrated> => calibrate(settings, { out: directory(), requested: {}, ...options });

export const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** Ends, or stops, the worker processes of a fake accelerator, which find each other in its file. */
export function killWorkers({ engineOptions }: CalibrationSettings, signal: NodeJS.Signals = 'SIGKILL'): void {
  const file = readFileSync(join((engineOptions as { device: string }).device, 'accelerator-0'));
  for (let at = 0; at + RECORD <= file.length; at += RECORD) {
    const pid = file.readDoubleLE(at);
    if (pid === process.pid) continue;
    try {
      process.kill(pid, signal);
    } catch {
      // Ended before.
    }
  }
}
