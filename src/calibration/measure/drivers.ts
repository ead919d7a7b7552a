import { realClock } from '../../executor/clock.js';
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

/** Batches that wait in the process, so that it never waits for us. */
const AHEAD = 2;

abstract class InferenceDriver implements Driver {
  readonly job: JobProcess;
  readonly series: Series;
  protected stopped = false;
  private outstanding = 0;
  /** When the process began to owe an answer. */
  private owesMs = 0;
  private drained: (() => void) | undefined;
  private readonly batch: number;

  constructor(job: JobProcess, model: string, batch: number) {
    this.job = job;
    this.batch = batch;
    this.series = { process: job.name, workload: 'inference', model, batch, done: [] };
    job.listener = {
      answered: (durationMs, heardMs, parts) => {
        this.series.done.push({ startMs: heardMs - durationMs, durationMs, parts, ...this.handover(heardMs, durationMs) });
        this.outstanding--;
        this.owesMs = heardMs;
        this.answered();
        if (this.outstanding === 0) this.drained?.();
      },
    };
  }

  abstract start(): void;
  protected abstract answered(): void;

  protected ask(): void {
    if (this.outstanding === 0) this.owesMs = performance.now();
    this.outstanding++;
    this.job.infer(this.batch);
  }

  /** What else is known of what was just answered. */
  protected handover(_heardMs: number, _durationMs: number): Pick<Done, 'handoverMs'> {
    return {};
  }

  waitsMs(): number {
    return this.outstanding === 0 ? 0 : performance.now() - this.owesMs;
  }

  stop(): Promise<void> {
    this.stopped = true;
    return this.outstanding === 0 ? Promise.resolve() : new Promise((drained) => (this.drained = drained));
  }
}

/** Back to back: the process finds its next batch when it ends one. */
export class BackToBack extends InferenceDriver {
  start(): void {
    for (let i = 0; i < AHEAD; i++) this.ask();
  }

  protected answered(): void {
    if (!this.stopped) this.ask();
  }
}

/** One after the other, so that what passes between two batches is seen too. */
export class OneByOne extends InferenceDriver {
  /** From sending a batch until its answer is here, less the work in the process, ms. */
  readonly betweenMs: number[] = [];
  private askedMs = 0;

  start(): void {
    this.askedMs = performance.now();
    this.ask();
  }

  protected answered(): void {
    this.betweenMs.push(performance.now() - this.askedMs - this.series.done.at(-1)!.durationMs);
    if (!this.stopped) this.start();
  }
}

/** Images at random (a Poisson process); those that come while the process is busy wait in it. */
export class AtRandom extends InferenceDriver {
  private readonly clock = realClock(0);
  private readonly gapMs: () => number;
  private cancel: () => void = () => {};
  /** Of the images that are under way, in their order. */
  private readonly askedMs: number[] = [];
  private lastHeardMs = -Infinity;

  constructor(job: JobProcess, model: string, batch: number, ratePerS: number, draw: Stream) {
    super(job, model, batch);
    this.gapMs = () => (-1000 / ratePerS) * Math.log(1 - draw());
  }

  start(): void {
    this.next(performance.now());
  }

  protected override handover(heardMs: number, durationMs: number): Pick<Done, 'handoverMs'> {
    const beganMs = Math.max(this.askedMs.shift()!, this.lastHeardMs);
    this.lastHeardMs = heardMs;
    return { handoverMs: Math.max(0, heardMs - beganMs - durationMs) };
  }

  private next(sinceMs: number): void {
    const atMs = sinceMs + this.gapMs();
    this.cancel = this.clock.at(atMs, () => {
      this.askedMs.push(performance.now());
      this.ask();
      this.next(atMs);
    });
  }

  protected answered(): void {}

  override stop(): Promise<void> {
    this.cancel();
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
