import { stream, type Seed } from '../random/stream.js';
import type { JobPhysics } from './physics.js';

/** The retraining jobs as processes: where they are, what they have left of their epoch, whether they are at it. */
export class Retraining {
  /** By job, once it has its place. */
  readonly physics: (JobPhysics | undefined)[];
  readonly active: boolean[];
  /** Of the present epoch, in ms alone; as of the last pause where the job is active. */
  readonly leftMs: number[];
  private readonly pauses: number[];
  /** Jobs by accelerator. */
  private readonly on: readonly number[][];

  constructor(jobs: number, accelerators: number) {
    this.physics = new Array<JobPhysics | undefined>(jobs).fill(undefined);
    this.active = new Array<boolean>(jobs).fill(false);
    this.leftMs = new Array<number>(jobs).fill(0);
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
    this.leftMs[job] = this.physics[job]!.epochMs;
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

function restOfSliceMs({ sliceBusy, sliceMs }: JobPhysics, u: number): number {
  return u < sliceBusy ? (u / sliceBusy) * sliceMs : 0;
}
