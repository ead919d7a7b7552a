import type { WorkerProcess } from './worker/worker-process.js';

const LOOK_EVERY_MS = 1000;

/**
 * Asks processes whether they are there. One that is at a batch or at loading cannot hear, and is watched by control, which knows
 * how long it has been at it; one that is idle, or trains slice by slice, must answer.
 */
export class Heartbeat {
  private readonly silentForMs: number;
  private readonly watched = new Map<WorkerProcess, { mustAnswer: () => boolean; sinceMs: number }>();
  private readonly timer: NodeJS.Timeout;

  /** @param silentForMs a process that must answer and does not for so long is taken for dead */
  constructor(silentForMs: number) {
    this.silentForMs = silentForMs;
    this.timer = setInterval(() => this.look(), Math.min(LOOK_EVERY_MS, silentForMs / 4));
    this.timer.unref();
  }

  watch(process: WorkerProcess, mustAnswer: () => boolean): void {
    this.watched.set(process, { mustAnswer, sinceMs: Infinity });
  }

  forget(process: WorkerProcess): void {
    this.watched.delete(process);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const nowMs = performance.now();
    for (const [process, entry] of this.watched) {
      if (!entry.mustAnswer()) {
        entry.sinceMs = Infinity;
        continue;
      }
      // What was heard before it had to answer says nothing.
      if (entry.sinceMs === Infinity || process.heardMs > entry.sinceMs) entry.sinceMs = nowMs;
      else if (nowMs - entry.sinceMs > this.silentForMs) {
        process.giveUp(`it has not answered for ${(Math.round(nowMs - entry.sinceMs) / 1000).toFixed(1)} s`);
        continue;
      }
      process.ping();
    }
  }
}
