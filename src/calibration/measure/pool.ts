import { evaluates, trainingName, type TrainingJob } from '../plan/cell.js';
import { BackToBack } from './drivers.js';
import { JobEnded, JobProcess, type JobOrder } from './job-process.js';

/** Keeps a process at work for a while. */
async function answersFor(job: JobProcess, ms: number): Promise<void> {
  if (ms === 0) return;
  const driver = new BackToBack(job, '', 1);
  driver.start();
  await Promise.race([new Promise((passed) => setTimeout(passed, ms)).then(() => driver.stop()), job.ended]);
}

/** The first steps build what the later ones use. */
export const FIRST_STEPS = 2;

/** Lets a job train for a while, and for its first steps at least. */
async function trainsFor(job: JobProcess, ms: number): Promise<void> {
  if (ms === 0) return;
  const sinceMs = performance.now();
  let steps = 0;
  const warm = new Promise<void>((enough) => (job.listener = { sliceEnded: () => void (++steps >= FIRST_STEPS && performance.now() - sinceMs >= ms && enough()) }));
  job.train();
  await Promise.race([warm.then(() => job.paused()), job.ended]);
  job.listener = {};
}

type Work = { serve: string } | { train: TrainingJob; evaluate?: true };

interface Kept {
  job: JobProcess;
  key: string;
  lastUsed: number;
}

/**
 * The processes that cells are measured with. Loading takes much longer than measuring, so idle ones are kept for a later cell, up to
 * a limit; none are where the device tells its memory, since what is loaded would be counted.
 */
export class JobPool {
  private readonly order: JobOrder;
  private readonly keep: number;
  private readonly warmUpMs: number;
  private idle: Kept[] = [];
  private busy: Kept[] = [];
  private loaded = 0;
  private uses = 0;
  /** Times of loading by model, ms. */
  readonly loadMs = new Map<string, number[]>();

  /** @param warmUpMs a new process answers for so long before it is used */
  constructor(order: JobOrder, keep: number, warmUpMs: number) {
    this.order = order;
    this.keep = keep;
    this.warmUpMs = warmUpMs;
  }

  /** A process that serves a model, idle until it is told. @throws JobEnded */
  serving(model: string, abort?: AbortSignal): Promise<JobProcess> {
    return this.take(`${model}`, { serve: model }, abort);
  }

  /** A process that trains, or evaluates and never trains. @throws JobEnded */
  training(job: TrainingJob, abort?: AbortSignal): Promise<JobProcess> {
    const { model, batch } = job;
    const learning = this.order.learning?.[model];
    const train = { model, batch, ...(learning && { learning }) };
    return this.take(trainingName(job), { train, ...(evaluates(job) && { evaluate: true as const }) }, abort);
  }

  private async take(key: string, work: Work, abort: AbortSignal | undefined): Promise<JobProcess> {
    this.idle = this.idle.filter(({ job }) => !job.isOver);
    const at = this.idle.findIndex((kept) => kept.key === key);
    const kept = at >= 0 ? this.idle.splice(at, 1)[0] : { key, job: await this.load(key, work, abort), lastUsed: 0 };
    kept.lastUsed = ++this.uses;
    this.busy.push(kept);
    return kept.job;
  }

  /** Where memory is short, what is kept idle goes first. */
  private async load(key: string, work: Work, abort: AbortSignal | undefined): Promise<JobProcess> {
    const name = `${key} #${++this.loaded}`;
    const load = async (): Promise<JobProcess> => {
      const job = await JobProcess.load(name, this.order, work, abort);
      this.loadMs.set(key, [...(this.loadMs.get(key) ?? []), job.loadMs]);
      await ('serve' in work ? answersFor : trainsFor)(job, this.warmUpMs);
      return job;
    };
    try {
      return await load();
    } catch (error) {
      if (!(error instanceof JobEnded && error.outOfMemory) || this.idle.length === 0) throw error;
      this.killIdle(0);
      return load();
    }
  }

  /** Loads a further process beside what is busy, as a neighbour, and ends it once it is ready. @returns when it began and was ready, `performance.now()` */
  async loadOnly(model: string, abort?: AbortSignal): Promise<{ fromMs: number; toMs: number }> {
    const fromMs = performance.now();
    const job = await JobProcess.load(`loading ${model}`, this.order, { serve: model }, abort);
    const toMs = performance.now();
    job.kill();
    return { fromMs, toMs };
  }

  /** Puts back what a cell used. @param broken end them all: their state is not known */
  release(broken = false): void {
    for (const kept of this.busy) {
      kept.job.listener = {};
      if (broken) kept.job.kill();
      else this.idle.push(kept);
    }
    this.busy = [];
    this.killIdle(this.keep);
  }

  private killIdle(keep: number): void {
    this.idle.sort((a, b) => b.lastUsed - a.lastUsed);
    for (const { job } of this.idle.splice(keep)) job.kill();
  }

  /**
   * Ends what is kept idle, so that what comes has new processes: how fast one is depends on where its memory lies and how its code was compiled, by
   * some percent, and that is not to be the same chance in all repetitions.
   */
  renew(): void {
    this.killIdle(0);
  }

  end(): void {
    this.release(true);
    this.renew();
  }
}
