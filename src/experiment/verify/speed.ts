import type { Executor } from '../../executor/executor.js';
import { atSpeed } from '../../profile/at-speed.js';
import type { InferenceProfile } from '../../profile/schema.js';
import { spreadQuantile } from '../../random/service.js';
import type { ResolvedAlternative } from '../../scenario/scenario.js';
import { quantileSorted, samples, sortSamples } from '../../statistics/samples.js';
import type { LateWindow } from './late-window.js';

/** One image after the other, for so long, before a real run begins. */
const TIMING_MS = 500;
const FEWEST = 5;

/** What an image took in a real run before its traffic began, with nothing else at work. */
export interface TimedAlone {
  model: string;
  /** Median of how long a process was held for one, ms. */
  medianMs: number;
}

/** How fast the machine was in real runs, beside what the profile says of it. */
export interface Speed {
  model: string;
  /** Median over the runs of the time of an image alone, and the same by the profile, ms. */
  real_ms: number;
  profile_ms: number;
  /** Real over profile: above 1 the machine was slower than when it was calibrated. */
  factor: number;
  /** Runs that were timed. */
  runs: number;
}

/**
 * Times images of the first app alone, as a server holds a process for them: what a calibration does between its cells.
 *
 * @param ask sends one and waits for its end
 * @returns undefined where something may train meanwhile, or it was interrupted
 */
export async function timedAlone({ policies }: ResolvedAlternative, { control }: Executor, witness: LateWindow, ask: (app: number) => Promise<void>, signal: AbortSignal): Promise<TimedAlone | undefined> {
  if (control.system.jobs.length > 0 && policies.retrain.policy !== 'never') return undefined;
  const heldMs: number[] = [];
  const { model } = control.laneSpecs.find(({ app }) => app === 0)!;
  witness.timing = (ms) => heldMs.push(ms);
  const sinceMs = performance.now();
  while ((performance.now() - sinceMs < TIMING_MS || heldMs.length < FEWEST) && !signal.aborted) await ask(0);
  witness.timing = undefined;
  return heldMs.length < FEWEST ? undefined : { model, medianMs: medianOf(heldMs) };
}

const medianOf = (values: readonly number[]): number => quantileSorted(sortSamples(samples(values)), 0.5);

/** Median time of an image alone, by a profile. */
export const aloneMs = ({ solo_ms, host_ms = 0, spread = { distribution: 'deterministic' } }: InferenceProfile): number => host_ms + solo_ms * spreadQuantile(spread)(0.5);

/** @param timed by real run, of all alternatives; @returns undefined where nothing was timed that the profile knows */
export function speedOf({ accelerators }: ResolvedAlternative, timed: readonly TimedAlone[]): Speed | undefined {
  const { profile } = accelerators[0];
  const known = timed.filter(({ model }) => model === timed[0].model && profile.models[model] !== undefined);
  if (known.length === 0) return undefined;
  const { model } = known[0];
  const [realMs, profileMs] = [medianOf(known.map(({ medianMs }) => medianMs)), aloneMs(profile.models[model])];
  return { model, real_ms: realMs, profile_ms: profileMs, factor: realMs / profileMs, runs: known.length };
}

/** The same alternative on accelerators that take so many times as long for everything. */
export function atThatSpeed(alternative: ResolvedAlternative, factor: number): ResolvedAlternative {
  return { ...alternative, accelerators: alternative.accelerators.map((accelerator) => ({ ...accelerator, profile: atSpeed(accelerator.profile, factor) })) };
}
