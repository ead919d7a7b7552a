import { InputError } from '../../input/error.js';
import { BackToBack, Trains, type Driver } from '../measure/drivers.js';
import { JobEnded, type JobProcess } from '../measure/job-process.js';
import type { JobPool } from '../measure/pool.js';
import { median } from '../../contention/fit/medians.js';
import { evaluates, trainingName, type Cell, type TrainingJob } from './cell.js';

/** What a first look at a model tells. Times in ms. */
export interface ModelProbe {
  loadMs: number;
  soloMs: number;
  /** Between two images that are sent one after the other, beside the work in the process: what the host does. */
  hostMs: number;
  /** Height, width, channels. */
  input: readonly number[];
  classes?: number;
}

export interface TrainingProbe {
  loadMs: number;
  sliceMs: number;
}

/** Names what was looked at: `resnet50:16`, and `resnet50:16 evaluate`. */
export const probeKey = (job: TrainingJob): string => `${job.model}:${job.batch}${evaluates(job) ? ' evaluate' : ''}`;

/** By model, and as `probeKey` says. */
export interface Probes {
  models: Record<string, ModelProbe>;
  training: Record<string, TrainingProbe>;
}

const IMAGES = 15;
const SLICES = 3;
/** What is slow is looked at for as long, once it has done two units of work. */
const LONG_MS = 2000;
const WARM_UP = 2;

/**
 * Loads each model once and times it briefly, alone.
 *
 * @throws InputError if one does not load, answer or train
 */
export async function probe(pool: JobPool, backend: string, models: readonly string[], trainings: readonly TrainingJob[], { onProbe, abort }: { onProbe?: (what: string) => void; abort?: AbortSignal } = {}): Promise<Probes> {
  const found: Probes = { models: {}, training: {} };
  for (const model of models) {
    onProbe?.(model);
    const job = await orRefuse(pool.serving(model, abort), `cannot load ${model} with ${backend}`);
    const driver = new BackToBack(job, model, 1);
    await orRefuse(timed(driver, job, IMAGES, abort), `${model} does not answer with ${backend}`);
    const { shape } = job.spec!.input;
    found.models[model] = { loadMs: job.loadMs, soloMs: Math.max(1e-3, median(durations(driver))), hostMs: Math.max(0, median(driver.betweenMs.slice(WARM_UP))), input: shape, classes: job.spec!.output.shape.at(-1) };
    pool.release();
  }
  for (const training of trainings) {
    const name = probeKey(training);
    onProbe?.(trainingName(training));
    const job = await orRefuse(pool.training(training, abort), `cannot retrain ${training.model} with ${backend}`);
    const driver = new Trains(job, training.model, training.batch);
    await orRefuse(timed(driver, job, SLICES, abort), `cannot retrain ${training.model} with ${backend}`);
    found.training[name] = { loadMs: job.loadMs, sliceMs: Math.max(1e-3, median(durations(driver))) };
    pool.release();
  }
  return found;
}

const durations = ({ series }: Driver): number[] => series.done.slice(Math.min(WARM_UP, series.done.length - 1)).map(({ durationMs }) => durationMs);

async function timed(driver: Driver, job: JobProcess, most: number, abort: AbortSignal | undefined): Promise<void> {
  const sinceMs = performance.now();
  driver.start();
  const enough = async (): Promise<void> => {
    const done = (): number => driver.series.done.length;
    while (done() < WARM_UP + most && !(done() >= WARM_UP + 1 && performance.now() - sinceMs > LONG_MS)) {
      abort?.throwIfAborted();
      await new Promise((passed) => setTimeout(passed, 10));
    }
    await driver.stop();
  };
  await Promise.race([enough(), job.ended]);
}

async function orRefuse<T>(work: Promise<T>, what: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof JobEnded) throw new InputError(`${what}: ${error.message}${what.startsWith('cannot retrain') ? '\nWithout --training, inference alone is calibrated' : ''}`);
    throw error;
  }
}

/** What a unit of work of each job of a cell takes, if the jobs take turns: the longest, ms. */
export function slowestMs({ inference, training }: Cell, probes: Probes): number {
  const work = [...inference.flatMap(({ model, batch, count }) => Array.from({ length: count }, () => batch * probes.models[model].soloMs)), ...(training === undefined ? [] : [probes.training[probeKey(training)].sliceMs])];
  return work.reduce((sum, ms) => sum + ms, 0);
}
