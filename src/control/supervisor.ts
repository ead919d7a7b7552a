import { NEVER, NONE } from '../policy/contract.js';
import type { Control } from './control.js';
import type { Supervision } from './system.js';
import { WorkerState, type Worker } from './worker.js';

/** A worker that is to be started again. */
interface Restart {
  atMs: number;
  lane: number;
  accelerator: number;
  failures: number;
  sharePercent: number | undefined;
}

/** Pause after an attempt in vain, at least. */
const LEAST_PAUSE_MS = 1;

/** Starts workers again that were placed to stay and died, with growing pauses, and kills those that hang. */
export class Supervisor {
  private readonly control: Control;
  private readonly options: Supervision;
  /** Few, in the order in which they died. Those of a lost accelerator wait for its return. */
  private restarts: Restart[] = [];
  private nextLookMs = NEVER;

  constructor(control: Control, options: Supervision) {
    this.control = control;
    this.options = options;
  }

  /** Begins to look after the workers. */
  begin(): void {
    if (this.options.hangAfterMs < Infinity) this.nextLookMs = this.options.hangAfterMs / 2;
    this.wake();
  }

  /** A process has ended. One that had lived longer than the longest pause begins with the shortest one again. */
  ended({ standing, lane, accelerator, sinceMs, failures, sharePercent }: Worker): void {
    if (!standing) return;
    const { nowMs } = this.control;
    const { restartAfterMs, longestRestartMs } = this.options;
    const inVain = nowMs - sinceMs > longestRestartMs ? 0 : failures;
    // A first attempt may follow at once; further ones must not, or a process that dies at once would be started for ever in one moment.
    let pauseMs = inVain === 0 ? restartAfterMs : Math.max(restartAfterMs, LEAST_PAUSE_MS);
    for (let i = 0; i < inVain && pauseMs < longestRestartMs; i++) pauseMs *= 2;
    this.restarts.push({ atMs: nowMs + Math.min(pauseMs, longestRestartMs), lane, accelerator, failures: inVain + 1, sharePercent });
    this.wake();
  }

  /** A process was lost with its accelerator, for which it is not to blame. */
  lostWith({ standing, lane, accelerator, sharePercent }: Worker): void {
    if (standing) this.restarts.push({ atMs: NEVER, lane, accelerator, failures: 0, sharePercent });
  }

  /** An accelerator is there again: what was placed on it is loaded at once. */
  returned(accelerator: number): void {
    for (const restart of this.restarts) if (restart.accelerator === accelerator) restart.atMs = this.control.nowMs;
    this.startDue();
    this.wake();
  }

  /** Its wake-up is due. */
  timer(): void {
    this.startDue();
    const { nowMs } = this.control;
    if (nowMs >= this.nextLookMs) {
      this.nextLookMs = nowMs + this.options.hangAfterMs / 2;
      for (const worker of this.control.workers) if (nowMs - this.atItSinceMs(worker) >= this.options.hangAfterMs) this.control.processes.killHung(worker);
    }
    this.wake();
  }

  private startDue(): void {
    const { control } = this;
    const due = this.restarts.filter(({ atMs, accelerator }) => atMs <= control.nowMs && !control.outages.isLost(accelerator));
    if (due.length === 0) return;
    this.restarts = this.restarts.filter((restart) => !due.includes(restart));
    // A site cannot start what it has no longer.
    for (const { lane, accelerator, failures, sharePercent } of due) if (control.storage === undefined || control.storage.loadable(lane) > 0) control.processes.loadStanding(lane, accelerator, failures, false, sharePercent);
  }

  /** When a worker began what it is doing; Infinity if it is idle or dead. */
  private atItSinceMs({ state, batch, sinceMs }: Worker): number {
    if (state === WorkerState.active) return batch === NONE ? Infinity : this.control.requests.startedMs[batch];
    return state === WorkerState.loading ? sinceMs : Infinity;
  }

  private wake(): void {
    let atMs = this.nextLookMs;
    for (const restart of this.restarts) if (restart.atMs < atMs && !this.control.outages.isLost(restart.accelerator)) atMs = restart.atMs;
    this.control.wakes.supervisor(atMs);
  }
}
