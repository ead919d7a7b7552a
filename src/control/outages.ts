import { Event, Training } from '../policy/contract.js';
import type { Control } from './control.js';
import { WorkerState } from './worker.js';

/** Which accelerators and sites are gone for the time being, and what becomes of the work that they had. */
export class Outages {
  /** How many sites are lost at present. */
  lostSites = 0;
  private readonly control: Control;
  private readonly acceleratorLost: Uint8Array;
  private readonly siteLost: Uint8Array;
  /** Jobs that are to run again when their accelerator returns. */
  private readonly resume: Uint8Array;

  constructor(control: Control) {
    this.control = control;
    this.acceleratorLost = new Uint8Array(control.system.accelerators.length);
    this.siteLost = new Uint8Array(control.system.sites.length);
    this.resume = new Uint8Array(control.system.jobs.length);
  }

  isLost(accelerator: number): boolean {
    return this.acceleratorLost[accelerator] === 1;
  }

  isSiteLost(site: number): boolean {
    return this.siteLost[site] === 1;
  }

  /** Notes what a policy wishes for a job whose accelerator is lost. @returns false if the accelerator is there */
  keepsForLater(job: number, run: boolean): boolean {
    const accelerator = this.control.jobs.accelerator[job];
    if (this.acceleratorLost[accelerator] !== 1) return false;
    this.resume[job] = run ? 1 : 0;
    return true;
  }

  /** An accelerator vanished: its processes are dead, its jobs are back at the end of their last epoch. */
  loseAccelerator(accelerator: number): void {
    const { control } = this;
    const { site, profile } = control.system.accelerators[accelerator];
    this.acceleratorLost[accelerator] = 1;
    control.dispatchDesks[site].accelerators = control.dispatchDesks[site].accelerators.filter((id) => id !== accelerator);
    control.placement.desk.accelerators = control.placement.desk.accelerators.filter((id) => id !== accelerator);
    for (const worker of control.workers) {
      if (worker.accelerator !== accelerator || worker.state === WorkerState.dead) continue;
      control.processes.bury(worker);
      control.supervisor.lostWith(worker);
    }
    this.jobsOn(accelerator).forEach((job) => {
      this.resume[job] = control.jobs.state[job] === Training.running ? 1 : 0;
      control.jobs.state[job] = Training.stopped;
    });
    control.memoryMiB[accelerator] = profile.accelerator?.fixed_mib ?? 0;
    control.tellSite(site, Event.lost, accelerator);
  }

  /** A lost accelerator is there again, empty. */
  returnAccelerator(accelerator: number): void {
    const { control } = this;
    const { site } = control.system.accelerators[accelerator];
    this.acceleratorLost[accelerator] = 0;
    control.dispatchDesks[site].accelerators = [...control.dispatchDesks[site].accelerators, accelerator].sort((a, b) => a - b);
    if (!control.devices.hasAccelerator(accelerator)) control.placement.desk.accelerators = [...control.placement.desk.accelerators, accelerator].sort((a, b) => a - b);
    for (const job of this.jobsOn(accelerator)) {
      control.jobs.takeMemory(job);
      if (this.resume[job]) control.jobs.run(job);
    }
    control.supervisor.returned(accelerator);
    control.tellSite(site, Event.returned, accelerator);
  }

  /** A site cannot be reached, and what waited there is gone: those requests are sent elsewhere, or fail. */
  loseSite(site: number): void {
    const { control } = this;
    this.siteLost[site] = 1;
    this.lostSites++;
    control.laneSpecs.forEach((spec, lane) => {
      if (spec.site !== site) return;
      while (control.lanes[lane].length > 0) control.displaced(control.lanes[lane].shift());
    });
  }

  returnSite(site: number): void {
    this.siteLost[site] = 0;
    this.lostSites--;
  }

  private jobsOn(accelerator: number): number[] {
    return this.control.jobs.accelerator.flatMap((at, job) => (at === accelerator ? [job] : []));
  }
}
