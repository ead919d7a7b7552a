import type { Control } from '../control/control.js';
import { WorkerState } from '../control/worker.js';
import type { AfterIdle } from '../profile/after-idle.js';

/** What a worker process is at, or was at last. */
interface Work {
  afterIdle: AfterIdle;
  besideTraining: boolean;
  beganMs: number;
  /** NaN while it lasts. */
  endedMs: number;
  cold: number;
}

/** How cold worker processes are, and what that costs their work. */
export class Idleness {
  private readonly last: (Work | undefined)[] = [];
  private readonly control: Control;

  constructor(control: Control) {
    this.control = control;
  }

  /** A worker begins a batch. @param u uniform draw @returns what is added to its work, ms */
  began(worker: number, afterIdle: AfterIdle, besideTraining: boolean, nowMs: number, u: number): number {
    const before = this.last[worker];
    const cold = before === undefined ? afterIdle.coldAfter(1, Infinity, besideTraining) : afterIdle.coldAfter(before.cold, nowMs - before.endedMs, besideTraining);
    this.last[worker] = { afterIdle, besideTraining, beganMs: nowMs, endedMs: NaN, cold };
    return afterIdle.addedMs(this.processesOn(this.control.workers[worker].accelerator), cold, besideTraining, u);
  }

  /** A worker has ended what it did. */
  ended(worker: number, nowMs: number): void {
    const work = this.last[worker];
    if (work === undefined) return;
    work.cold = work.afterIdle.coldAfterWork(work.cold, nowMs - work.beganMs, work.besideTraining);
    work.endedMs = nowMs;
  }

  /** Inference processes on an accelerator that have loaded. */
  private processesOn(accelerator: number): number {
    let count = 0;
    for (const worker of this.control.workers) if (worker.accelerator === accelerator && worker.state !== WorkerState.dead && worker.state !== WorkerState.loading) count++;
    return count;
  }
}
