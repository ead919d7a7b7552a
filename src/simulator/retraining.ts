import { stream, type Seed } from '../random/stream.js';
import type { JobPhysics } from './physics.js';

/** The retraining jobs as processes: where they are, what they have left of their epoch, whether they are at it. */
export class Retraining {
  /** By job, once it has its place. */
  readonly physics: (JobPhysics | undefined)[];
  readonly active: boolean[];
  /** Of the present epoch, in ms alone; as of the last pause where the job is active. */
  readonly leftMs: number[];
  /** What will be left once the stretch of steps ends at which the job stops; NaN where it is not about to stop so. */
  private readonly leftThenMs: number[];
  private readonly pauses: number[];
  /** Jobs by accelerator. */
  private readonly on: readonly number[][];

  constructor(jobs: number, accelerators: number) {
    this.physics = new Array<JobPhysics | undefined>(jobs).fill(undefined);
    this.active = new Array<boolean>(jobs).fill(false);
    this.leftMs = new Array<number>(jobs).fill(0);
    this.leftThenMs = new Array<number>(jobs).fill(NaN);
    this.pauses = new Array<number>(jobs).fill(0);
    this.on = Array.from({ length: accelerators }, () => []);
  }

  place(job: number, accelerator: number, physics: JobPhysics): void {
    this.physics[job] = physics;
    this.leftMs[job] = physics.epochMs;
    this.on[accelerator].push(job);
  }

  jobsOn(accelerator: number): readonly number[] {
    return this.on[accelerator];
  }

  /** A job's process starts, to be trained in this way: its epoch begins anew, after the start. */
  startAnew(job: number, startMs: number, physics: JobPhysics): void {
    this.physics[job] = physics;
    this.leftMs[job] = physics.epochMs + startMs;
  }

  /** A job's process is gone: it is back at the end of its last epoch. */
  setBack(job: number): void {
    this.active[job] = false;
    this.leftThenMs[job] = NaN;
    this.leftMs[job] = this.physics[job]!.epochMs;
  }

  /** Whether the job goes on to the end of its stretch of steps only. */
  isStopping(job: number): boolean {
    return !Number.isNaN(this.leftThenMs[job]);
  }

  /**
   * A job is told to stop: it goes on to the end of its stretch of steps, or of its epoch if that is sooner.
   *
   * @param leftMs of its epoch, what is left of its start included
   * @returns the work until then
   */
  beginStopping(job: number, leftMs: number): number {
    const { epochMs, stretchMs } = this.physics[job]!;
    const doneMs = epochMs - leftMs;
    // At the border of two stretches the next one has begun; during its start a job hears nothing before its first one.
    const stretches = Math.floor(Math.max(0, doneMs) / stretchMs! + AT_BORDER) + 1;
    const restMs = Math.min(stretches * stretchMs!, epochMs) - doneMs;
    // What rounding leaves of an epoch is no step.
    this.leftThenMs[job] = leftMs - restMs > AT_BORDER * stretchMs! ? leftMs - restMs : 0;
    return restMs;
  }

  /** Work that is left beyond the stretch at whose end the job stops; 0 where it is not about to stop. */
  beyondStopMs(job: number): number {
    return this.isStopping(job) ? this.leftThenMs[job] : 0;
  }

  /** The stretch is over, or the job is to go on after all. @returns what was left beyond it */
  endStopping(job: number): number {
    const leftMs = this.leftThenMs[job];
    this.leftThenMs[job] = NaN;
    return leftMs;
  }

  /** How long an inference waits for running slices to end: for each, with probability `busy`, uniform on 0 to its length. */
  sliceWaitMs(accelerator: number, u: number): number {
    const jobs = this.on[accelerator];
    let waitMs = 0;
    for (let i = 0; i < jobs.length; i++) if (this.active[jobs[i]]) waitMs = Math.max(waitMs, restOfSliceMs(this.physics[jobs[i]]!, u));
    return waitMs;
  }

  /** Whether any job on this accelerator is at work. */
  isActiveOn(accelerator: number): boolean {
    const jobs = this.on[accelerator];
    for (let i = 0; i < jobs.length; i++) if (this.active[jobs[i]]) return true;
    return false;
  }

  /** How long a job that is told to pause goes on, until its slice ends. Each pause has a draw of its own. */
  pauseMs(job: number, seed: Seed, replication: number): number {
    const physics = this.physics[job]!;
    if (physics.sliceMs === 0) return 0;
    return restOfSliceMs(physics, stream(seed, replication, 'pause', job, this.pauses[job]++)());
  }
}

/** Moments so near to each other, in stretches, are one. */
const AT_BORDER = 1e-9;

function restOfSliceMs({ sliceBusy, sliceMs }: JobPhysics, u: number): number {
  return u < sliceBusy ? (u / sliceBusy) * sliceMs : 0;
}
