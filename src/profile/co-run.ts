import type { ActivityClass } from '../contention/contract.js';
import { InputError } from '../input/error.js';
import { didYouMean } from '../input/nearest.js';
import { bindContention } from './contention.js';
import { capacityMiB, fits } from './memory.js';
import type { Profile } from './schema.js';

/** A prediction for a set of jobs that share one accelerator, all always busy. */
export interface CoRun {
  /** Mean latency of each inference job, in the order asked. */
  latencyMs: number[];
  /** Duration of an epoch of the retraining job; undefined without one. */
  epochMs: number | undefined;
  memoryMiB: number;
  /** Whether the memory holds them all. */
  fits: boolean;
  /** What of it lies outside the measured domain; undefined inside. */
  outside: string | undefined;
}

/**
 * What the profile says about these jobs on one accelerator, each a process that starts its next unit of work at once and
 * is counted as active all the time (an upper estimate of contention: the host's part and the wait load the accelerator with nothing):
 *
 * - latency = host + w + s × solo, where w is the mean wait for the rest of a training slice, busy × length / 2 (the wait
 *   is uniform on 0 to the length, with probability busy; 0 without retraining), and s the contention model's slowdown
 * - epoch = s × solo epoch
 * - memory = fixed + the sum over the processes; a model asked for twice is two processes
 *
 * @throws InputError if the profile does not know a model
 */
export function predictCoRun(profile: Profile, inferenceModels: readonly string[], trainingModel: string | undefined): CoRun {
  const inference = inferenceModels.map((model) => known(profile.models, model, 'inference model', profile));
  const training = trainingModel === undefined ? undefined : known(profile.training ?? {}, trainingModel, 'retraining model', profile);

  const distinct = [...new Set(inferenceModels)];
  const classes: ActivityClass[] = distinct.map((model) => ({ kind: 'inference', model }));
  const counts = distinct.map((model) => inferenceModels.filter((m) => m === model).length);
  if (trainingModel !== undefined) {
    classes.push({ kind: 'training', model: trainingModel });
    counts.push(1);
  }
  const slowdown = new Float64Array(classes.length).fill(1);
  const outside = bindContention(profile, classes).slowdowns(Int32Array.from(counts), slowdown);

  const sliceMs = training?.slice ? (training.slice.busy * training.slice.length_ms) / 2 : 0;
  const latencyMs = inference.map((m, i) => (m.host_ms ?? 0) + sliceMs + slowdown[distinct.indexOf(inferenceModels[i])] * m.solo_ms);
  const epochMs = training && training.epoch_s * 1000 * slowdown[classes.length - 1];

  let memoryMiB = profile.accelerator?.fixed_mib ?? 0;
  for (const m of inference) memoryMiB += m.memory_mib ?? 0;
  memoryMiB += training?.memory_mib ?? 0;
  return { latencyMs, epochMs, memoryMiB, fits: fits(memoryMiB, 0, capacityMiB(profile)), outside };
}

function known<T>(entries: Record<string, T>, model: string, what: string, profile: Profile): T {
  if (Object.hasOwn(entries, model)) return entries[model];
  const names = Object.keys(entries);
  const list = names.length > 0 ? ` (known: ${names.join(', ')})` : '';
  throw new InputError(`profile ${profile.name ?? '(inline)'} has no ${what} "${model}"${didYouMean(model, names)}${list}`);
}
