import { Worker } from 'node:worker_threads';

/** The built program of the thread, also when this file runs from its source. */
const PROGRAM = new URL('./alarm-thread.js', import.meta.url.replace('/src/executor/', '/dist/executor/'));

/**
 * Calls at a time, to about a tenth of a millisecond, without keeping a processor busy: a thread of its own sleeps until then. Node's
 * timers count whole milliseconds, and to turn the event loop for the rest would take time from the workers that are measured.
 */
export class Alarm {
  private readonly version = new Int32Array(new SharedArrayBuffer(4));
  private readonly atMs = new Float64Array(new SharedArrayBuffer(8));
  private readonly thread: Worker;

  /** @param ring is called once for each time that was set and not set anew before it came; may be called for an earlier one */
  constructor(ring: () => void) {
    this.atMs[0] = Infinity;
    this.thread = new Worker(PROGRAM, { workerData: { version: this.version, atMs: this.atMs }, execArgv: [] });
    this.thread.on('message', ring);
    this.thread.on('error', (error) => {
      throw error;
    });
  }

  /** @param inMs from now; replaces the time that was set before */
  set(inMs: number): void {
    this.atMs[0] = Number(process.hrtime.bigint()) / 1e6 + inMs;
    Atomics.add(this.version, 0, 1);
    Atomics.notify(this.version, 0);
  }

  /** Ends the thread. */
  close(): void {
    Atomics.store(this.version, 0, -1);
    Atomics.notify(this.version, 0);
  }
}
