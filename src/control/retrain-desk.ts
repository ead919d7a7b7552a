import type { RetrainCommands, RetrainView, Training } from '../policy/contract.js';
import type { Control } from './control.js';

/** Where a site's retraining policy looks and writes. */
export class RetrainDesk implements RetrainView, RetrainCommands {
  readonly jobs: readonly number[];
  private readonly control: Control;

  constructor(control: Control, site: number) {
    this.control = control;
    this.jobs = control.system.jobs.flatMap((job, id) => (job.site === site ? [id] : []));
  }

  state(job: number): Training {
    return this.control.jobs.state[job];
  }

  acceleratorOf(job: number): number {
    return this.control.jobs.accelerator[job];
  }

  epochs(job: number): number {
    return this.control.jobs.epochs[job];
  }

  epochMs(job: number): number {
    const { jobs, system } = this.control;
    const training = system.accelerators[jobs.accelerator[job]]?.profile.training?.[system.jobs[job].model];
    if (training === undefined) return Infinity;
    return training.epoch_s * 1000 * (system.learning?.find((spec) => spec.job === job)?.epochFactor ?? 1);
  }

  inferenceWork(accelerator: number): number {
    return this.control.inferenceWork(accelerator);
  }

  labels(job: number): number {
    return this.control.jobs.lessons[job]?.labels ?? 0;
  }

  lastRight(job: number): boolean {
    return this.control.jobs.lessons[job]?.lastRight ?? false;
  }

  estimate(job: number): number {
    return this.control.jobs.lessons[job]?.estimate ?? NaN;
  }

  standardError(job: number): number {
    return this.control.jobs.lessons[job]?.standardError ?? Infinity;
  }

  epochsSinceDeploy(job: number): number {
    return this.control.jobs.lessons[job]?.epochsSinceDeploy ?? this.control.jobs.epochs[job];
  }

  epochsPerDeploy(job: number): number {
    return this.control.jobs.lessons[job]?.epochsPerDeploy ?? 1;
  }

  run(job: number): void {
    this.control.jobs.run(job);
  }

  pause(job: number): void {
    this.control.jobs.pause(job);
  }

  stop(job: number): void {
    this.control.jobs.stop(job);
  }

  deploy(job: number): void {
    if (this.control.jobs.lessons[job] !== undefined) this.control.driver.deploy(job);
  }

  notice(job: number): void {
    this.control.driver.notice(job);
  }
}
