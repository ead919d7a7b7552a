import type { Outcome } from '../../control/driver.js';
import type { Measurement } from '../../measurement/measurement.js';
import type { Doing, Witness } from '../../measurement/witness.js';

/**
 * A witness whose measurement begins later than its run: what happens before is not measured. An executor's clock begins when its
 * workers are loaded, and their first images are slower than the rest.
 */
export class LateWindow implements Witness {
  /** Hears how long a process was held for each batch, ms, while it is set. */
  timing: ((heldMs: number) => void) | undefined;
  /** When epochs ended within the window, by job. */
  readonly epochEndsMs: number[][] = [];
  private measurement: Measurement | undefined;
  private readonly beganMs: number[] = [];

  get detailed(): boolean {
    return this.timing !== undefined;
  }

  begin(measurement: Measurement): void {
    this.measurement = measurement;
    measurement.windowBegan();
  }

  windowBegan(): void {}

  windowEnded(nowMs: number): void {
    this.measurement?.windowEnded(nowMs);
  }

  sampled(inSystem: number, nowMs: number): void {
    this.measurement?.sampled(inSystem, nowMs);
  }

  ended(request: number, outcome: Outcome, nowMs: number): void {
    this.measurement?.ended(request, outcome, nowMs);
  }

  epochEnded(job: number, nowMs: number): void {
    if (this.measurement !== undefined) (this.epochEndsMs[job] ??= []).push(nowMs);
  }

  workerDoes(worker: number, doing: Doing, nowMs: number): void {
    if (doing === 'inference') this.beganMs[worker] = nowMs;
    else if (doing === 'nothing' && this.beganMs[worker] !== undefined) this.timing?.(nowMs - this.beganMs[worker]);
  }

  jobDoes(): void {}
  faulted(): void {}

  /**
   * Epochs that a job made in a window of this length, fractions included: as many as at the mean pace between its first and its last end
   * of an epoch there. An executor knows of whole epochs only. 0 with fewer than two ends, which tell no pace.
   */
  epochsIn(job: number, windowMs: number): number {
    const ends = this.epochEndsMs[job] ?? [];
    return ends.length < 2 ? 0 : ((ends.length - 1) * windowMs) / (ends[ends.length - 1] - ends[0]);
  }
}
