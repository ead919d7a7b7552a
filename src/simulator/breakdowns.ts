import type { Control } from '../control/control.js';
import { WorkerState, type Worker } from '../control/worker.js';
import type { Fault, FaultEvent, FaultTarget } from '../faults/fault.js';

/** What the simulator can do to its own machinery. */
export interface Machinery {
  readonly control: Control;
  readonly nowMs: number;
  /** Ends a process and frees its memory. */
  kill(worker: number): void;
  /** Stops a worker's activity. @returns what puts it back, or undefined if it is idle */
  halt(worker: number): (() => void) | undefined;
  /** Takes everything off an accelerator, or puts the memory of its jobs back. */
  unplug(accelerator: number): void;
  plug(accelerator: number): void;
  /** Lets nothing through between clients and a site, or lets what stands still go on. */
  cutLink(site: number, direction: 'up' | 'down'): void;
  restoreLink(site: number, direction: 'up' | 'down'): void;
  /** One more (1) or one less (-1) fault keeps the repository's manager away. */
  setManager(change: number): void;
  failPulls(site: number): void;
}

/** Plays the faults of a scenario on simulated processes, accelerators and sites, and tells control what a real one would notice. */
export class Breakdowns {
  private readonly machinery: Machinery;
  /** How many faults keep each of them away at present. */
  private readonly acceleratorDown: Int32Array;
  private readonly siteDown: Int32Array;
  private readonly linkDown: { up: Int32Array; down: Int32Array };
  /** Workers that hang, with what lets them go on. */
  private readonly hung = new Map<Worker, (() => void) | undefined>();
  /** Of each fault that lasts, what it hit. */
  private readonly hits = new Map<number, Worker | number>();
  /** Faults by which loads fail at present. */
  private readonly failing = new Map<number, Fault>();

  constructor(machinery: Machinery) {
    const { system } = machinery.control;
    this.machinery = machinery;
    this.acceleratorDown = new Int32Array(system.accelerators.length);
    this.siteDown = new Int32Array(system.sites.length);
    this.linkDown = { up: new Int32Array(system.sites.length), down: new Int32Array(system.sites.length) };
  }

  /** Lets a fault begin or end. */
  play({ fault, index, begins, draw }: FaultEvent): void {
    const { control, nowMs } = this.machinery;
    switch (fault.kind) {
      case 'kill worker': {
        const worker = this.victim(fault, draw);
        if (worker === undefined) return;
        this.machinery.kill(worker.id);
        control.died(worker.id, nowMs);
        return;
      }
      case 'hang worker':
        if (begins) this.hang(index, this.victim(fault, draw));
        else this.release(index);
        return;
      case 'lose accelerator': {
        if (begins) this.hits.set(index, this.acceleratorOf(fault, draw));
        this.setAccelerator(this.hits.get(index) as number, begins ? 1 : -1);
        return;
      }
      case 'lose site':
        this.setSite(this.siteOf(fault), begins ? 1 : -1);
        return;
      case 'lose manager':
        this.machinery.setManager(begins ? 1 : -1);
        return;
      case 'cut link':
        for (const direction of ['up', 'down'] as const)
          if (fault.direction === direction || fault.direction === 'both') this.setLink(this.siteOf(fault), direction, begins ? 1 : -1);
        return;
      case 'fail load':
        if (begins) this.failing.set(index, fault);
        else this.failing.delete(index);
    }
  }

  /** To be called when a worker has begun something: a hung one gets no further. */
  began(id: number): void {
    const worker = this.machinery.control.workers[id];
    if (this.hung.has(worker)) this.hung.set(worker, this.machinery.halt(id));
  }

  /** To be called when a process has ended. */
  ended(worker: Worker): void {
    this.hung.delete(worker);
  }

  /** Whether a load that is done must fail. */
  failsLoad(id: number): boolean {
    const worker = this.machinery.control.workers[id];
    for (const fault of this.failing.values()) if (this.matches(worker, fault)) return true;
    return false;
  }

  private hang(index: number, worker: Worker | undefined): void {
    if (worker === undefined || this.hung.has(worker)) return;
    this.hits.set(index, worker);
    this.hung.set(worker, this.machinery.halt(worker.id));
  }

  private release(index: number): void {
    const worker = this.hits.get(index) as Worker | undefined;
    this.hits.delete(index);
    if (worker === undefined || !this.hung.has(worker)) return;
    const goOn = this.hung.get(worker);
    this.hung.delete(worker);
    goOn?.();
  }

  private setAccelerator(accelerator: number, change: number): void {
    const { control, nowMs } = this.machinery;
    const before = this.acceleratorDown[accelerator];
    this.acceleratorDown[accelerator] += change;
    if (before === 0) {
      for (const worker of this.hung.keys()) if (worker.accelerator === accelerator) this.hung.delete(worker);
      this.machinery.unplug(accelerator);
      control.acceleratorLost(accelerator, nowMs);
    } else if (this.acceleratorDown[accelerator] === 0) {
      this.machinery.plug(accelerator);
      control.acceleratorReturned(accelerator, nowMs);
    }
  }

  private setSite(site: number, change: number): void {
    const { control, nowMs } = this.machinery;
    const before = this.siteDown[site];
    this.siteDown[site] += change;
    if (before === 0) {
      control.siteLost(site, nowMs);
      this.machinery.failPulls(site);
    }
    else if (this.siteDown[site] === 0) control.siteReturned(site, nowMs);
    control.system.accelerators.forEach((accelerator, id) => {
      if (accelerator.site === site) this.setAccelerator(id, change);
    });
  }

  private setLink(site: number, direction: 'up' | 'down', change: number): void {
    const before = this.linkDown[direction][site];
    this.linkDown[direction][site] += change;
    if (before === 0) this.machinery.cutLink(site, direction);
    else if (this.linkDown[direction][site] === 0) this.machinery.restoreLink(site, direction);
  }

  private siteOf({ site }: FaultTarget): number {
    return site === undefined ? 0 : this.machinery.control.system.sites.findIndex(({ name }) => name === site);
  }

  private acceleratorOf({ site, accelerator }: FaultTarget, draw: number): number {
    const { accelerators, sites } = this.machinery.control.system;
    const candidates = accelerators.flatMap((a, id) =>
      (accelerator === undefined || a.name === accelerator) && (site === undefined ? accelerator !== undefined || sites[a.site].device !== true : sites[a.site].name === site) ? [id] : [],
    );
    return candidates[Math.floor(draw * candidates.length)];
  }

  /** A living worker that fits, one that is at something if there is any. */
  private victim(target: FaultTarget, draw: number): Worker | undefined {
    const fitting = this.machinery.control.workers.filter((worker) => worker.state !== WorkerState.dead && this.matches(worker, target));
    const atWork = fitting.filter(({ state }) => state !== WorkerState.idle);
    const candidates = atWork.length > 0 ? atWork : fitting;
    return candidates[Math.floor(draw * candidates.length)];
  }

  private matches({ lane, accelerator }: Worker, target: FaultTarget): boolean {
    const { system, laneSpecs } = this.machinery.control;
    const at = system.accelerators[accelerator];
    return (
      // The phones of the clients break only where they are meant.
      (target.site !== undefined || target.accelerator !== undefined || system.sites[at.site].device !== true) &&
      (target.site === undefined || system.sites[at.site].name === target.site) &&
      (target.accelerator === undefined || at.name === target.accelerator) &&
      (target.app === undefined || system.apps[laneSpecs[lane].app].name === target.app)
    );
  }
}
