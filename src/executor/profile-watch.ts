import { OnlineResiduals } from '../contention/online.js';
import { batchMs } from '../profile/batch.js';
import { predictCoRun } from '../profile/co-run.js';
import type { NamedProfile } from '../profile/load.js';

/** How the profile of one accelerator fares with one model. */
export interface Watched {
  accelerator: number;
  model: string;
  /** What its predictions are to be multiplied with to be right at present. */
  factor: number;
  /** Of the logarithm of the factor. */
  standardError: number;
  /** Batches that were compared. */
  batches: number;
  /** Why the profile is not to be trusted any more; undefined while it may be right. */
  stale: string | undefined;
}

interface Running {
  accelerator: number;
  model: string;
  images: number;
  /** Share of the batch that should be done by now, if the profile is right. */
  progress: number;
  sinceMs: number;
  /** False once something happened that the profile says nothing about. */
  isKnown: boolean;
}

/** Where the profile states no spread. Also the least that is believed: processes take turns, and answers travel. */
const USUAL_SPREAD = 0.1;
/** Batches in sequence run beside nearly the same neighbours. */
const CORRELATION = 0.3;

/**
 * Holds the time that batches really take against what the profiles say about the same neighbours. Neighbours come and go during a
 * batch, so what is compared is progress, as the simulator has it: the sum over the stretches of a batch of their length over the whole
 * time that the profile predicts beside the neighbours of that stretch. It is 1 at the end if the profile is right.
 */
export class ProfileWatch {
  private readonly profiles: readonly NamedProfile[];
  private readonly residuals = new Map<string, { accelerator: number; model: string; online: OnlineResiduals; batches: number }>();
  private readonly running = new Map<number, Running>();
  /** Jobs that train, by accelerator. */
  private readonly training: string[][];
  /** Time of one image by who is there; undefined where the profile cannot say. */
  private readonly predicted = new Map<string, number | undefined>();

  /** @param profiles by accelerator */
  constructor(profiles: readonly NamedProfile[]) {
    this.profiles = profiles;
    this.training = profiles.map(() => []);
  }

  /** A worker begins a batch. */
  began(worker: number, accelerator: number, model: string, images: number, nowMs: number): void {
    this.advance(accelerator, nowMs);
    this.running.set(worker, { accelerator, model, images, progress: 0, sinceMs: nowMs, isKnown: true });
  }

  /** A worker is at its batch no more. @param isDone whether the batch was done, not broken off */
  ended(worker: number, isDone: boolean, nowMs: number): void {
    const batch = this.running.get(worker);
    if (batch === undefined) return;
    this.advance(batch.accelerator, nowMs);
    this.running.delete(worker);
    if (!isDone || !batch.isKnown || !(batch.progress > 0)) return;
    const { accelerator, model } = batch;
    const key = `${accelerator} ${model}`;
    let at = this.residuals.get(key);
    if (at === undefined) {
      at = { accelerator, model, online: new OnlineResiduals({ sd: this.spread(accelerator, model), correlation: CORRELATION }), batches: 0 };
      this.residuals.set(key, at);
    }
    at.online.observe(batch.progress, 1);
    at.batches++;
  }

  /** A retraining job begins or stops to use the accelerator. */
  trains(accelerator: number, model: string, active: boolean, nowMs: number): void {
    this.advance(accelerator, nowMs);
    const jobs = this.training[accelerator];
    if (active) jobs.push(model);
    else jobs.splice(jobs.indexOf(model), 1);
  }

  watched(): Watched[] {
    return [...this.residuals.values()].map(({ accelerator, model, online, batches }) => ({ accelerator, model, factor: online.factor, standardError: online.standardError, batches, stale: online.stale }));
  }

  private advance(accelerator: number, nowMs: number): void {
    const there = [...this.running.values()].filter((batch) => batch.accelerator === accelerator);
    for (const batch of there) {
      const tookMs = nowMs - batch.sinceMs;
      batch.sinceMs = nowMs;
      if (!batch.isKnown || tookMs <= 0) continue;
      const ms = this.predict(accelerator, batch, there);
      if (ms === undefined) batch.isKnown = false;
      else batch.progress += tookMs / ms;
    }
  }

  /** Time of the whole batch beside those that are there now. */
  private predict(accelerator: number, { model, images }: Running, there: readonly Running[]): number | undefined {
    const others = there.map((batch) => batch.model).sort();
    const jobs = this.training[accelerator];
    const key = [accelerator, model, ...others, '|', ...jobs].join(' ');
    if (!this.predicted.has(key)) this.predicted.set(key, this.oneImage(accelerator, model, others, jobs));
    const oneMs = this.predicted.get(key);
    if (oneMs === undefined) return undefined;
    const known = this.profiles[accelerator].models[model];
    return (oneMs * batchMs(known, images)) / batchMs(known, 1);
  }

  private oneImage(accelerator: number, model: string, there: readonly string[], jobs: readonly string[]): number | undefined {
    const profile = this.profiles[accelerator];
    const isKnown = there.every((name) => Object.hasOwn(profile.models, name)) && jobs.every((name) => Object.hasOwn(profile.training ?? {}, name));
    if (!isKnown || jobs.length > 1) return undefined;
    const coRun = predictCoRun(profile, there, jobs[0]);
    if (coRun.outside !== undefined) return undefined;
    // The spread of single requests has a mean of 1; its logarithm has one below 0.
    const sd = logSpread(profile, model);
    return coRun.latencyMs[there.indexOf(model)] * Math.exp((-sd * sd) / 2);
  }

  private spread(accelerator: number, model: string): number {
    return Math.max(USUAL_SPREAD, logSpread(this.profiles[accelerator], model));
  }
}

/** Standard deviation of the logarithm of a request's time alone, as far as the profile states a lognormal one. */
function logSpread(profile: NamedProfile, model: string): number {
  const { spread } = profile.models[model];
  return spread?.distribution === 'lognormal' ? Math.sqrt(Math.log(1 + spread.cv * spread.cv)) : 0;
}
