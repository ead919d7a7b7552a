import type { Learning } from '../learning.js';
import type { BatchParts, ModelSpec } from '../../executor/engines/engine.js';
import { Ending, type WorkerOrder } from '../../executor/worker/messages.js';
import { WorkerProcess } from '../../executor/worker/worker-process.js';

/** A process that was measured ended by itself. */
export class JobEnded extends Error {
  override readonly name = 'JobEnded';
  readonly job: string;
  readonly outOfMemory: boolean;

  constructor(job: string, outOfMemory: boolean, why: string) {
    super(`${job}: ${why}`);
    this.job = job;
    this.outOfMemory = outOfMemory;
  }
}

/** What a measurement hears of a process while it runs. Times are `performance.now()` in ms. */
export interface JobListener {
  /** A batch is answered; the process worked on it for `workMs`. */
  answered?(workMs: number, heardMs: number, parts: BatchParts): void;
  /** A slice of training ended, after `workMs`; with it maybe an epoch. */
  sliceEnded?(workMs: number, heardMs: number, whole: boolean): void;
  epochEnded?(): void;
}

/** What an engine takes beside the name of a model. */
export interface JobOrder {
  engine: string;
  options: unknown;
  accelerator: number;
  cudaDevice?: number;
  /** By model: what a job that really learns is told. */
  learning?: Readonly<Record<string, Learning>>;
}

/** A process that is not ready by then hangs. */
const LONGEST_LOAD_MS = 600_000;

/** A process of one model that answers, or of one retraining job, loaded and waiting. */
export class JobProcess {
  readonly name: string;
  /** From starting the process until it was ready, ms. */
  readonly loadMs: number;
  readonly spec: ModelSpec | undefined;
  /** Rejects when it ends by itself; handled, so that nobody has to look. */
  readonly ended: Promise<never>;
  isOver = false;
  listener: JobListener = {};
  /** Slices of the longest epoch that it went through; 0 before the first has ended. */
  epochSlices = 0;
  private slices = 0;
  private parts: BatchParts = {};
  private readonly process: WorkerProcess;
  private readonly pauses = new Map<number, () => void>();
  private images: Uint8Array[] = [];
  private batches = 0;

  private constructor(name: string, loadMs: number, spec: ModelSpec | undefined, process: WorkerProcess, ended: Promise<never>) {
    this.name = name;
    this.loadMs = loadMs;
    this.spec = spec;
    this.process = process;
    this.ended = ended;
  }

  /** Starts a process and waits until it is ready. @throws JobEnded if it ends before, or `abort` says to leave it */
  static load(name: string, { engine, options, accelerator, cudaDevice }: JobOrder, work: Pick<WorkerOrder, 'serve' | 'train' | 'evaluate'>, abort?: AbortSignal): Promise<JobProcess> {
    const sinceMs = performance.now();
    return new Promise((loaded, failed) => {
      let end!: (error: JobEnded) => void;
      const ended = new Promise<never>((_, reject) => (end = reject));
      ended.catch(() => {});
      let job: JobProcess | undefined;
      const leave = (): void => {
        clearTimeout(late);
        process.kill();
        failed(abort!.reason as Error);
      };
      const process = new WorkerProcess({ engine, options, accelerator, ...work, ...(work.serve !== undefined && { tellParts: true as const }) }, cudaDevice === undefined ? {} : { cudaDevice }, {
        ready: (spec) => {
          clearTimeout(late);
          abort?.removeEventListener('abort', leave);
          job = new JobProcess(name, performance.now() - sinceMs, work.serve === undefined ? undefined : spec, process, ended);
          loaded(job);
        },
        parts: (parts) => (job!.parts = parts),
        answers: (_batch, workMs) => job!.listener.answered?.(workMs, performance.now(), job!.parts),
        sliceEnded: (workMs, whole) => {
          job!.slices++;
          job!.listener.sliceEnded?.(workMs, performance.now(), whole);
        },
        epochEnded: () => {
          job!.epochSlices = Math.max(job!.epochSlices, job!.slices);
          job!.slices = 0;
          job!.listener.epochEnded?.();
        },
        paused: (pause) => job!.pauses.get(pause)?.(),
        ended: (how, why) => {
          clearTimeout(late);
          abort?.removeEventListener('abort', leave);
          const error = new JobEnded(name, Number(how) === Ending.outOfMemory, why);
          end(error);
          if (job !== undefined) job.isOver = true;
          failed(error);
        },
      });
      const late = setTimeout(() => process.giveUp(`it was not ready after ${LONGEST_LOAD_MS / 60_000} min`), LONGEST_LOAD_MS);
      if (abort?.aborted === true) leave();
      else abort?.addEventListener('abort', leave, { once: true });
    });
  }

  /** Sends a batch of so many images; its answer is heard by the listener. */
  infer(batch: number): void {
    if (this.images.length !== batch) {
      const length = this.spec!.input.shape.reduce((product, n) => product * n, 1);
      this.images = Array.from({ length: batch }, () => new Uint8Array(length).fill(127));
    }
    this.process.infer(++this.batches, this.images);
  }

  train(): void {
    this.process.train();
  }

  /** Stops training after the present slice. */
  paused(): Promise<void> {
    const pause = this.pauses.size + 1;
    const done = new Promise<void>((heard) => this.pauses.set(pause, heard));
    this.process.pause(pause);
    return done;
  }

  /** When something was last heard of it; `performance.now()`. */
  get heardMs(): number {
    return this.process.heardMs;
  }

  giveUp(why: string): void {
    this.process.giveUp(why);
  }

  kill(): void {
    this.process.kill();
  }
}
