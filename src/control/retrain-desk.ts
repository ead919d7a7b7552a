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
    return this.control.jobState[job];
  }

  acceleratorOf(job: number): number {
    return this.control.jobAccelerator[job];
  }

  epochs(job: number): number {
    return this.control.jobEpochs[job];
  }

  inferenceWork(accelerator: number): number {
    return this.control.inferenceWork(accelerator);
  }

  labels(job: number): number {
    return this.control.lessons[job]?.labels ?? 0;
  }

  lastRight(job: number): boolean {
    return this.control.lessons[job]?.lastRight ?? false;
  }

  estimate(job: number): number {
    return this.control.lessons[job]?.estimate ?? NaN;
  }

  standardError(job: number): number {
    return this.control.lessons[job]?.standardError ?? Infinity;
  }

  epochsSinceDeploy(job: number): number {
    return this.control.lessons[job]?.epochsSinceDeploy ?? this.control.jobEpochs[job];
  }

  epochsPerDeploy(job: number): number {
    return this.control.lessons[job]?.epochsPerDeploy ?? 1;
  }

  run(job: number): void {
    this.control.runJob(job);
  }

  pause(job: number): void {
    this.control.pauseJob(job);
  }

  stop(job: number): void {
    this.control.stopJob(job);
  }

  deploy(job: number): void {
    if (this.control.lessons[job] !== undefined) this.control.driver.deploy(job);
  }

  notice(job: number): void {
    this.control.driver.notice(job);
  }
}
