import { Alarm } from '../../executor/alarm.js';
import type { Stream } from '../../random/stream.js';
import type { JobProcess } from './job-process.js';
import type { Done, Series } from './series.js';

/** Keeps a process at work, and notes what it does. */
export interface Driver {
  job: JobProcess;
  series: Series;
  start(): void;
  /** How long it has been waiting for its process to say something, ms; 0 if it waits for nothing. */
  waitsMs(): number;
  /** Asks for no more work. @returns when what was asked for is done */
  stop(): Promise<void>;
}

/**
 * Asks a process about images. What it notes of a batch is how long a server that asks so holds the process for it: from sending it, or from hearing of the one before
 * where that is later, until hearing of its end, less what the host needs for that where nothing else is at work. Where the host has to wait for a processor, that counts.
 */
abstract class InferenceDriver implements Driver {
  readonly job: JobProcess;
  readonly series: Series;
  /** Of each batch: what passed beside the work in the process, ms. */
  readonly betweenMs: number[] = [];
  protected stopped = false;
  /** When those were sent that are under way, in their order. */
  private readonly sentMs: number[] = [];
  private lastHeardMs = -Infinity;
  private drained: (() => void) | undefined;
  private readonly batch: number;

  /** @param hostMs what passes on the host for an image, where nothing else is at work; Infinity where it is not known, and only the work in the process counts */
  constructor(job: JobProcess, model: string, batch: number, hostMs = Infinity) {
    this.job = job;
    this.batch = batch;
    this.series = { process: job.name, workload: 'inference', model, batch, done: [] };
    job.listener = {
      answered: (workMs, heardMs, parts) => {
        const heldMs = heardMs - Math.max(this.sentMs.shift()!, this.lastHeardMs);
        const durationMs = Math.max(workMs, heldMs - batch * hostMs);
        this.lastHeardMs = heardMs;
        this.betweenMs.push(heldMs - workMs);
        this.series.done.push({ startMs: heardMs - durationMs, durationMs, parts });
        this.answered();
        if (this.sentMs.length === 0) this.drained?.();
      },
    };
  }

  abstract start(): void;
  protected abstract answered(): void;

  protected ask(): void {
    this.sentMs.push(performance.now());
    this.job.infer(this.batch);
  }

  waitsMs(): number {
    return this.sentMs.length === 0 ? 0 : performance.now() - Math.max(this.sentMs[0], this.lastHeardMs);
  }

  stop(): Promise<void> {
    this.stopped = true;
    return this.sentMs.length === 0 ? Promise.resolve() : new Promise((drained) => (this.drained = drained));
  }
}

/** Back to back, as a server asks that has images waiting: the next batch when the end of one is heard. */
export class BackToBack extends InferenceDriver {
  start(): void {
    this.ask();
  }

  protected answered(): void {
    if (!this.stopped) this.ask();
  }
}

/**
 * Images at random (a Poisson process); those that come while the process is busy wait in it. A thread sleeps until each is due: a server is woken by a
 * request, and does not turn its event loop before, beside those that are measured.
 */
export class AtRandom extends InferenceDriver {
  private readonly gapMs: () => number;
  private alarm: Alarm | undefined;
  /** When the next image is due. */
  private atMs = 0;

  constructor(job: JobProcess, model: string, batch: number, hostMs: number, ratePerS: number, draw: Stream) {
    super(job, model, batch, hostMs);
    this.gapMs = () => (-1000 / ratePerS) * Math.log(1 - draw());
  }

  start(): void {
    this.atMs = performance.now() + this.gapMs();
    this.alarm = new Alarm(() => this.rang());
    this.set();
  }

  private set(): void {
    this.alarm!.set(this.atMs - performance.now());
  }

  private rang(): void {
    if (this.stopped) return;
    for (; this.atMs <= performance.now(); this.atMs += this.gapMs()) this.ask();
    this.set();
  }

  protected answered(): void {}

  override stop(): Promise<void> {
    this.alarm?.close();
    return super.stop();
  }
}

/** Training, slice by slice. A slice that ends an epoch may do less than the others, with fewer images, or more; then it is kept apart. */
export class Trains implements Driver {
  readonly job: JobProcess;
  readonly series: Series;
  /** The slices that ended an epoch, and whether they were like the others. */
  readonly ends: (Done & { whole: boolean })[] = [];
  private startedMs = 0;

  constructor(job: JobProcess, model: string, batch: number) {
    this.job = job;
    this.series = { process: job.name, workload: 'training', model, batch, done: [] };
    const { done } = this.series;
    let last = false;
    job.listener = {
      sliceEnded: (durationMs, heardMs, whole) => {
        done.push({ startMs: heardMs - durationMs, durationMs });
        last = whole;
      },
      epochEnded: () => {
        const end = done.at(-1);
        // Where an epoch is one slice, they are all alike.
        const whole = last || job.epochSlices < 2;
        if (end !== undefined) this.ends.push({ ...end, whole });
        if (!whole) done.pop();
      },
    };
  }

  start(): void {
    this.startedMs = performance.now();
    this.job.train();
  }

  waitsMs(): number {
    return performance.now() - Math.max(this.startedMs, this.job.heardMs);
  }

  stop(): Promise<void> {
    return this.job.paused();
  }
}
