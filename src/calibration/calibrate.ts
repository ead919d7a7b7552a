import { join } from 'node:path';
import { blockMeans } from '../contention/fit/blocks.js';
import { median } from '../contention/fit/medians.js';
import type { Found } from '../executor/backends/contract.js';
import { workingBackend } from '../executor/backends/find.js';
import type { FakeProgram } from '../executor/engines/fake/program.js';
import type { TensorFlowOptions } from '../executor/engines/tensorflow/options.js';
import { InputError } from '../input/error.js';
import { makeDirectory, writeFiles } from '../report/write.js';
import { calibratedProfile } from './calibrated-profile.js';
import { fakeMeter } from './device/fake.js';
import type { Others } from '../executor/host/others.js';
import { withLock } from '../executor/lock.js';
import { noMeter, type Meter } from './device/meter.js';
import { nvidiaSmi } from './device/nvidia-smi.js';
import { JOURNAL, LOCK, OBSERVATIONS, PROFILE } from './files.js';
import { Journal, type Entry } from './journal/journal.js';
import { openJournalFile, type JournalFile } from './journal/journal-file.js';
import { learningOf, type Learning, type TrainingImages } from './learning.js';
import { machineOf, type Machine } from './machine.js';
import { JobPool } from './measure/pool.js';
import { realClocks, type Clocks } from './measure/watch.js';
import { BLOCK_MS } from './measure/series.js';
import { judge, type Noise, type RepeatedCell, type SoloRun } from './noise.js';
import { observationsCsv } from './observations/write.js';
import { cellName, isSoloInference, turnName, type Cell, type TrainingJob, type Turn } from './plan/cell.js';
import { cellsOf, trainingJobs } from './plan/cells.js';
import { estimateMs, mostProcesses } from './plan/estimate.js';
import { turnsOf } from './plan/order.js';
import { probe, type Probes } from './plan/probe.js';
import { runTurns } from './run-turns.js';
import { identityOf, type CalibrationSettings } from './settings.js';

const SILENT_MS = 120_000;
/** Idle processes that are kept, at most. */
const MOST_KEPT = 16;

/** What is going to be measured. */
export interface Plan {
  turns: readonly Turn[];
  cells: readonly Cell[];
  probes: Probes;
  machine: Machine;
  estimateMs: number;
}

export interface CalibrationEvents {
  /** A first look at a model begins. */
  probing?: (what: string) => void;
  planned?: (plan: Plan, done: number) => void;
  /** A turn begins. `leftMs`: how long the rest is estimated to take, with it. */
  turn?: (name: string, index: number, of: number, leftMs: number) => void;
  ended?: (entry: Entry) => void;
  fitting?: (what: string) => void;
}

export interface CalibrateOptions extends CalibrationEvents {
  out: string;
  /** What the user asked for, for the profile. */
  requested: Record<string, unknown>;
  /** Only plans. */
  planOnly?: boolean;
  abort?: AbortSignal;
  clocks?: Clocks;
  others?: Others;
  /** A process that says nothing for so long while it should is taken for hung, ms. */
  silentMs?: number;
  /** Opens the journal; another one in tests. */
  openJournal?: (path: string) => JournalFile;
}

export interface Calibrated {
  plan: Plan;
  noise?: Noise;
  entries: readonly Entry[];
  leftOut: readonly Turn[];
  /** Paths of what was written. */
  written: string[];
  /** Whether there is a profile. */
  calibrated: boolean;
}

/**
 * Calibrates: plans, measures what the journal in `out` does not have yet, judges the noise, writes the observations, fits them and
 * writes the profile.
 *
 * @throws InputError if another calibration writes to `out`, or the backend, a model or the directory is of no use, the device went away or the disk is full. What was measured is kept
 */
export async function calibrate(settings: CalibrationSettings, options: CalibrateOptions): Promise<Calibrated> {
  if (options.planOnly === true) return planAndMeasure(settings, options);
  await makeDirectory(options.out);
  return withLock(join(options.out, LOCK), 'calibrating', () => planAndMeasure(settings, options));
}

async function planAndMeasure(settings: CalibrationSettings, options: CalibrateOptions): Promise<Calibrated> {
  const { out, abort, clocks = realClocks } = options;
  const { found, meter } = await deviceOf(settings);
  const trainings = trainingJobs(settings);
  const cells = cellsOf(settings, meter.tellsMemory);
  const turns = turnsOf(cells, settings);
  const keep = meter.tellsMemory ? 0 : Math.min(MOST_KEPT, settings.models.length * settings.maxJobs + trainings.length);
  const pool = new JobPool({ engine: settings.backend, options: settings.engineOptions, accelerator: 0, ...(settings.trainingImages && { learning: learningBy(settings, settings.trainingImages) }) }, Math.max(keep, meter.tellsMemory ? 0 : mostProcesses(cells)), settings.warmUpMs);
  let journal: Journal | undefined;
  try {
    const machine = machineOf(found, meter);
    if (options.planOnly !== true) {
      const path = join(out, JOURNAL);
      journal = new Journal(opened(path, options.openJournal ?? openJournalFile), path, { ...identityOf(settings), machine });
    }
    const probes = journal?.probes ?? (await probe(pool, settings.backend, settings.models, trainings, { ...(options.probing && { onProbe: options.probing }), ...(abort && { abort }) }));
    if (journal !== undefined && journal.probes === undefined) journal.keepProbes(probes);
    const limits = { ...settings, silentMs: options.silentMs ?? SILENT_MS };
    const rest = (from: number): number => estimateMs(turns.slice(from).filter((turn) => journal?.has(turn) !== true), probes, limits, keep);
    const plan: Plan = { turns, cells, probes, machine, estimateMs: rest(0) };
    options.planned?.(plan, journal?.entries.size ?? 0);
    if (journal === undefined) return { plan, entries: [], leftOut: [], written: [], calibrated: false };

    const usedMs = [...journal.entries.values()].reduce((sum, e) => sum + e.endedMs - e.startedMs, 0);
    const beganMs = clocks.monotonicMs();
    const spentMs = (): number => usedMs + clocks.monotonicMs() - beganMs;
    // Never left out: times alone, and the last solo runs, without which nothing can be said of drift.
    const last = turns.length - Math.max(2, settings.models.length);
    const needed = ({ cell, run }: Turn, index: number): boolean => index >= last || (run === 'r1' && isSoloInference(cell));
    const estimate = (some: readonly Turn[]): number => estimateMs(some, probes, limits, keep);
    const reserveMs = (after: number): number => estimate(turns.filter((turn, i) => i > after && needed(turn, i)));
    const inTime = (turn: Turn, index: number): boolean => needed(turn, index) || spentMs() + estimate([turn]) + reserveMs(index) <= settings.budgetS * 1000;
    const leftOut = await runTurns(turns, {
      journal,
      pool,
      meter,
      limits,
      hostMs: (model) => probes.models[model].hostMs,
      seed: settings.seed,
      ...(settings.othersLimit !== undefined && { othersLimit: settings.othersLimit }),
      ...(options.others && { others: options.others }),
      clocks,
      ...(abort && { abort }),
      before: (turn, index) => {
        if (!inTime(turn, index)) return false;
        options.turn?.(turnName(turn), index, turns.length, Math.max(0, Math.min(rest(index), settings.budgetS * 1000 - spentMs())));
        return true;
      },
      ...(options.ended && { after: options.ended }),
    });
    pool.end();
    return { plan, leftOut, ...(await finish(settings, options, { machine, probes, trainings, journal, leftOut, loadMs: pool.loadMs })) };
  } finally {
    pool.end();
    meter.close();
    journal?.close();
  }
}

function learningBy({ training, engineOptions }: CalibrationSettings, images: TrainingImages): Record<string, Learning> {
  const { models } = engineOptions as TensorFlowOptions;
  return Object.fromEntries(training.map((model) => [model, learningOf(model, models[model], images)]));
}

/** Finds the backend, and what tells about its device. */
async function deviceOf({ backend, engineOptions }: CalibrationSettings): Promise<{ found?: Found; meter: Meter }> {
  if (backend === 'fake') return { meter: fakeMeter(engineOptions as FakeProgram) };
  const found = await workingBackend(backend);
  const meter = ['tfjs-node-gpu', 'webgpu'].includes(backend) ? await nvidiaSmi(0) : undefined;
  return { found, meter: meter ?? noMeter };
}

function opened(path: string, open: (path: string) => JournalFile): JournalFile {
  try {
    return open(path);
  } catch (error) {
    throw new InputError(`${path}: cannot be opened: ${(error as Error).message}`);
  }
}

export interface Finished {
  machine: Machine;
  probes: Probes;
  trainings: readonly TrainingJob[];
  journal: Journal;
  leftOut: readonly Turn[];
  loadMs: ReadonlyMap<string, readonly number[]>;
}

/** Writes the observations, and a profile if the machine was quiet enough. */
async function finish(settings: CalibrationSettings, options: CalibrateOptions, finished: Finished): Promise<Pick<Calibrated, 'noise' | 'entries' | 'written' | 'calibrated'>> {
  const { out } = options;
  const entries = [...finished.journal.entries.values()];
  const noise = judge(soloRuns(entries), settings.noiseLimits, repeatedCells(entries));
  const csv = observationsCsv(entries);
  const written = await writeFiles(out, [[OBSERVATIONS, () => csv]]);
  if (noise.verdict === 'noisy' && !settings.acceptNoise) return { noise, entries, written, calibrated: false };
  const profile = await calibratedProfile(settings, { ...finished, entries, noise, csv, observations: written[0], requested: options.requested, ...(options.fitting && { onProgress: options.fitting }) });
  written.push(...(await writeFiles(out, [[PROFILE, () => `${JSON.stringify(profile, undefined, 2)}\n`]])));
  return { noise, entries, written, calibrated: true };
}

/** Solo runs of single images, by which the machine is judged. */
function soloRuns(entries: readonly Entry[]): SoloRun[] {
  return entries.flatMap(({ cell, measured, startedMs, endedMs }) => {
    if (measured === undefined || !isSoloInference(cell) || cell.inference[0].batch !== 1) return [];
    const ms = measured.series[0].done.map(({ durationMs }) => durationMs);
    const middle = median(ms);
    return [{ model: cell.inference[0].model, atMs: (startedMs + endedMs) / 2, medianMs: middle, rowCv: (1.4826 * median(ms.map((v) => Math.abs(v - middle)))) / middle }];
  });
}

/** What each job of a closed cell took in its repetitions: middles of blocks, over the processes that are alike. */
function repeatedCells(entries: readonly Entry[]): RepeatedCell[] {
  const cells = new Map<string, number[]>();
  for (const { cell, run, measured } of entries) {
    if (measured === undefined || cell.kind !== 'closed' || !run.startsWith('r')) continue;
    for (const one of new Set(measured.series.map(({ workload, model }) => `${workload} ${model}`))) {
      const name = `${one} in ${cellName(cell)}`;
      const blocks = measured.series.filter(({ workload, model }) => `${workload} ${model}` === one).flatMap(({ done }) => blockMeans(done.map(({ durationMs }) => durationMs), BLOCK_MS));
      cells.set(name, [...(cells.get(name) ?? []), median(blocks)]);
    }
  }
  return [...cells].map(([name, mediansMs]) => ({ name, mediansMs }));
}
