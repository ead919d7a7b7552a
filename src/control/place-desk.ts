import { capacityMiB, freeMiB } from '../profile/memory.js';
import type { PlaceCommands, PlaceView } from '../policy/contract.js';
import type { Control } from './control.js';
import { PolicyError } from './policy-error.js';

/** Where the placement policy looks and writes. */
export class PlaceDesk implements PlaceView, PlaceCommands {
  readonly lanes: readonly number[];
  readonly accelerators: readonly number[];
  readonly jobs: readonly number[];
  readonly refusals: string[] = [];
  private readonly control: Control;

  constructor(control: Control) {
    this.control = control;
    const { isDevice } = control.devices;
    this.lanes = control.laneSpecs.flatMap(({ site }, lane) => (isDevice[site] === 1 ? [] : [lane]));
    this.accelerators = control.system.accelerators.flatMap(({ site }, accelerator) => (isDevice[site] === 1 ? [] : [accelerator]));
    this.jobs = control.system.jobs.map((_, job) => job);
  }

  siteOf(accelerator: number): number {
    return this.control.system.accelerators[accelerator].site;
  }

  siteOfLane(lane: number): number {
    return this.control.laneSpecs[lane].site;
  }

  siteOfJob(job: number): number {
    return this.control.system.jobs[job].site;
  }

  app(lane: number): string {
    return this.control.system.apps[this.control.laneSpecs[lane].app].name;
  }

  variant(lane: number): number {
    return this.control.laneSpecs[lane].variant;
  }

  acceleratorName(accelerator: number): string {
    return this.control.system.accelerators[accelerator].name;
  }

  freeMiB(accelerator: number): number {
    return freeMiB(this.control.memoryMiB[accelerator], capacityMiB(this.control.system.accelerators[accelerator].profile));
  }

  workerMiB(lane: number, accelerator: number): number {
    const model = this.control.system.accelerators[accelerator].profile.models[this.control.laneSpecs[lane].model];
    return model ? (model.memory_mib ?? 0) : Infinity;
  }

  jobMiB(job: number, accelerator: number): number {
    const training = this.control.system.accelerators[accelerator].profile.training?.[this.control.system.jobs[job].model];
    return training ? (training.memory_mib ?? 0) : Infinity;
  }

  concurrency(accelerator: number): number {
    return this.control.concurrencyOf(accelerator);
  }

  load(lane: number, accelerator: number): void {
    if (this.siteOfLane(lane) !== this.siteOf(accelerator)) throw new PolicyError('place', `loads lane ${lane} at another site`);
    if (!(this.workerMiB(lane, accelerator) < Infinity && this.workerMiB(lane, accelerator) <= this.freeMiB(accelerator)))
      throw new PolicyError('place', `loads lane ${lane} on ${this.acceleratorName(accelerator)}, where it does not fit`);
    this.control.loadStanding(lane, accelerator, 0, true);
  }

  assign(job: number, accelerator: number): void {
    if (!(this.jobMiB(job, accelerator) < Infinity && this.jobMiB(job, accelerator) <= this.freeMiB(accelerator)))
      throw new PolicyError('place', `puts job ${job} on ${this.acceleratorName(accelerator)}, where it does not fit`);
    this.control.jobs.assign(job, accelerator);
  }

  refuse(reason: string): void {
    this.refusals.push(reason);
  }
}
