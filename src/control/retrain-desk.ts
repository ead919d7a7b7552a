import type { Ms, RetrainCommands, RetrainView, Training, TrainingChoice, TrainingConfiguration } from '../policy/contract.js';
import { legalShares } from '../profile/share-cost.js';
import type { Control } from './control.js';
import { epochMsOf } from './epoch-time.js';
import { PolicyError } from './policy-error.js';

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

  epochMs(job: number, choice?: TrainingChoice): Ms {
    const { jobs, system } = this.control;
    const accelerator = system.accelerators[jobs.accelerator[job]];
    return accelerator === undefined ? Infinity : epochMsOf(system, accelerator.profile, job, choice);
  }

  configurations(job: number): readonly TrainingConfiguration[] {
    return this.control.jobs.configurations[job];
  }

  sharesOf(job: number): readonly number[] {
    const { driver, jobs, system } = this.control;
    const accelerator = system.accelerators[jobs.accelerator[job]];
    return accelerator === undefined || driver.trainsByChoice !== true ? [] : legalShares(accelerator.profile);
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

  run(job: number, choice?: TrainingChoice): void {
    if (choice !== undefined) this.check(job, choice);
    this.control.jobs.run(job, choice ?? {});
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

  private check(job: number, { configuration, sharePercent }: TrainingChoice): void {
    const { model } = this.control.system.jobs[job];
    const known = this.configurations(job);
    if (configuration !== undefined && configuration !== 0 && known[configuration] === undefined) {
      const names = known.map(({ name }, i) => `${i} (${name})`).join(', ');
      throw new PolicyError('retrain', `trains ${model} by configuration ${configuration}; it has ${names === '' ? 'none' : names}: list more under retraining.learning.configurations`);
    }
    const legal = this.sharesOf(job);
    if (sharePercent !== undefined && !legal.includes(sharePercent)) {
      const found = legal.length > 0 ? legal.join(', ') : this.control.driver.trainsByChoice === true ? 'none; add shares to it' : 'none that can be carried out when served for real';
      throw new PolicyError('retrain', `gives ${model} a share of ${sharePercent} % of its accelerator; the profile knows ${found}`);
    }
    if (!this.control.jobs.mayRun(job, { configuration, sharePercent }))
      throw new PolicyError('retrain', `changes configuration or share of ${model} while it is at work; stop it first, and run it again when \`training\` has come`);
  }
}
