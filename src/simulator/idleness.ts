import type { Control } from '../control/control.js';
import { WorkerState } from '../control/worker.js';

/** Since when worker processes have had nothing to do, and how many there are beside each other. */
export class Idleness {
  /** By worker; undefined before its first work. */
  private readonly sinceMs: number[] = [];
  private readonly control: Control;

  constructor(control: Control) {
    this.control = control;
  }

  /** A worker has ended what it did. */
  ended(worker: number, nowMs: number): void {
    this.sinceMs[worker] = nowMs;
  }

  /** How long a worker has been without work, ms; Infinity before its first. */
  of(worker: number, nowMs: number): number {
    return nowMs - (this.sinceMs[worker] ?? -Infinity);
  }

  /** Inference processes on an accelerator that have loaded. */
  processesOn(accelerator: number): number {
    let count = 0;
    for (const worker of this.control.workers) if (worker.accelerator === accelerator && worker.state !== WorkerState.dead && worker.state !== WorkerState.loading) count++;
    return count;
  }
}
