import { setTimeout as later } from 'node:timers/promises';
import type { ModelChoice } from '../../executor/engines/tensorflow/options.js';
import type { Executor } from '../../executor/executor.js';
import { InputError } from '../../input/error.js';
import { Measurement, type Measured } from '../../measurement/measurement.js';
import { Training } from '../../policy/contract.js';
import type { NamedProfile } from '../../profile/load.js';
import type { ResolvedAlternative } from '../../scenario/scenario.js';
import { sourcesOf } from '../arrivals.js';
import { policyFault } from '../policy-fault.js';
import { openServing } from '../serving/open.js';
import { imagesOf } from './images.js';
import { LateWindow } from './late-window.js';
import { sendOnTime, type SentRequest } from './send-on-time.js';
import { timedAlone, type TimedAlone } from './speed.js';

/** What really computes. */
export interface Reality {
  /** A key of `engines`. */
  backend: string;
  models: Readonly<Record<string, ModelChoice>>;
  /** What the fake backend plays, where it is not the profile that is verified. */
  played?: NamedProfile;
}

export interface RealRun {
  measured: Measured;
  requests: SentRequest[];
  /** Models of the worker processes at the start, by accelerator. */
  workers: string[][];
  /** What went wrong, in sentences. */
  mishaps: string[];
  /** An image alone, before the window; undefined where something may train meanwhile. */
  alone: TimedAlone | undefined;
}

/**
 * Images to each worker process before the window begins, and for how long. The first ones compile; after that compilers and memory go on getting better for
 * ten seconds, by ten percent, and more slowly where all processors are busy. Who serves for hours wants to know what comes then.
 */
const WARM_UP_IMAGES = 10;
const WARM_UP_MS = 8000;
/** A fake process compiles nothing. */
const FAKE_WARM_UP_MS = 1000;

/** How long processes of a backend are warmed up, ms. */
export const warmUpMs = (backend: string): number => (backend === 'fake' ? FAKE_WARM_UP_MS : WARM_UP_MS);

/** A retraining process that has not begun by then never will. */
const LONGEST_START_MS = 300_000;
const LOOK_EVERY_MS = 10;

/**
 * Runs an alternative once for real, in processes of its own, with the requests that the simulator draws for replication 0.
 *
 * @returns undefined if it was interrupted
 * @throws InputError if it cannot be served, or a worker cannot load
 */
export async function realRun(alternative: ResolvedAlternative, { backend, models, played }: Reality, signal: AbortSignal): Promise<RealRun | undefined> {
  const { scenario } = alternative;
  const mishaps: string[] = [];
  const broken = new AbortController();
  const over = AbortSignal.any([signal, broken.signal]);
  const witness = new LateWindow();
  const executor = await openServing(alternative, {
    backend,
    models,
    ...(played && { played }),
    options: {
      witness,
      report: {
        workerDied: (worker, why) => mishaps.push(`worker ${worker} died: ${why}`),
        failed: () => broken.abort(),
        trainerDied: (job, why) => mishaps.push(`retraining job ${job} died: ${why}`),
      },
    },
  });
  try {
    await executor.begin();
    const workers = executor.control.system.accelerators.map((_, id) => executor.control.workers.filter(({ accelerator }) => accelerator === id).map(({ lane }) => executor.control.laneSpecs[lane].model));
    const images = imagesOf(executor, scenario.seed);
    await trainingBegan(executor, mishaps, over);
    const ask = (app: number): Promise<void> => new Promise((ended) => executor.submit(app, images[app], Infinity, () => ended()));
    await warmUp(executor, ask, warmUpMs(backend), over);
    const alone = await timedAlone(alternative, executor, witness, ask, over);
    if (signal.aborted) return undefined;

    const beganMs = executor.nowMs;
    const measurement = new Measurement(scenario.workload.length, beganMs, false, undefined);
    measurement.watch(executor);
    witness.begin(measurement);
    const requests = await sendOnTime({
      sources: await sourcesOf(alternative, scenario.seed, 0),
      horizonMs: scenario.duration_s === undefined ? Infinity : scenario.duration_s * 1000,
      nowMs: () => executor.nowMs - beganMs,
      submit: (app, sloMs, done) => executor.submit(app, images[app], sloMs, done),
      signal: over,
    });
    await executor.stop(over.aborted ? 0 : drainMs(alternative, executor));
    if (executor.failure !== undefined) throw policyFault(executor.failure, alternative);
    if (signal.aborted) return undefined;
    const measured = measurement.result();
    return { measured: { ...measured, epochs: measured.epochs.map((_, job) => witness.epochsIn(job, measured.windowMs)) }, requests, workers, mishaps, alone };
  } finally {
    // Whatever happened, no process stays; after a proper end this does nothing.
    await executor.stop(0);
  }
}

/** As long as a simulation waits for answers after its window. */
function drainMs({ scenario: { measure } }: ResolvedAlternative, { longestSloMs }: Executor): number {
  return measure.drain_s === undefined ? Math.max(60_000, 10 * longestSloMs) : measure.drain_s * 1000;
}

/** In a simulation a job that is to run at the start runs then; a process has to open its images and its model first. */
async function trainingBegan({ control, accelerators }: Executor, mishaps: readonly string[], signal: AbortSignal): Promise<void> {
  const waits = (): boolean => control.system.jobs.some((_, job) => control.jobs.state[job] === Training.running && accelerators[control.jobs.accelerator[job]].active === 0);
  const sinceMs = performance.now();
  while (waits() && !signal.aborted) {
    if (mishaps.length > 0) throw new InputError(mishaps[0]);
    if (performance.now() - sinceMs > LONGEST_START_MS) throw new InputError(`a retraining job has not begun after ${LONGEST_START_MS / 1000} s`);
    await later(LOOK_EVERY_MS);
  }
}

/** Each app's images, as many at once as it has processes, again and again until they are warm. */
async function warmUp({ control }: Executor, ask: (app: number) => Promise<void>, leastMs: number, signal: AbortSignal): Promise<void> {
  await Promise.all(
    control.system.apps.map(async (_, app) => {
      const processes = control.workers.filter(({ lane }) => control.laneSpecs[lane].app === app).length;
      const sinceMs = performance.now();
      for (let i = 0; (i < WARM_UP_IMAGES || performance.now() - sinceMs < leastMs) && !signal.aborted; i++) await Promise.all(Array.from({ length: processes }, () => ask(app)));
    }),
  );
}
