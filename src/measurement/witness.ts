import type { Control } from '../control/control.js';
import type { Observer } from '../control/driver.js';
import type { FaultEvent } from '../faults/fault.js';

/** What a run is told of, besides every request's end. All times in ms since the run began. */
export interface Witness extends Observer {
  /** The measured window begins: the warm-up is over. */
  windowBegan(nowMs: number): void;
  /** No request will be born any more; the run goes on until those in the system have ended, or the drain limit. */
  windowEnded(nowMs: number): void;
  /** Taken at even intervals up to the window's end. */
  sampled(inSystem: number, nowMs: number): void;
  /** A worker or job began to do something (see `Doing`), or stopped with `nothing`. Only called if `detailed`. */
  readonly detailed: boolean;
  workerDoes(worker: number, doing: Doing, nowMs: number): void;
  jobDoes(job: number, doing: Doing, nowMs: number): void;
  epochEnded(job: number, nowMs: number): void;
  faulted(event: FaultEvent): void;
}

export type Doing = 'nothing' | 'inference' | 'training' | 'paused' | 'loading' | 'waiting';

/** What a measurement looks at in a driver of control: the simulator, or the executor. Times in ms since the run began. */
export interface Measurable {
  readonly control: Control;
  readonly nowMs: number;
  /** Of the requests born so far that have one; 0 before. */
  readonly longestSloMs: number;
  /** By accelerator, totals up to now. */
  readonly accelerators: readonly AcceleratorTotals[];
  /** Progress of a retraining job, in epochs, fractions included. */
  epochs(job: number): number;
  /** Undefined where nobody knows how right the answers are. */
  readonly world?: Truth | undefined;
}

export interface AcceleratorTotals {
  readonly busyMs: number;
  readonly energyJ: number;
  /** Time outside the measured domain, and what was outside last. */
  readonly outsideMs: number;
  readonly outside: string | undefined;
}

export interface Truth {
  /** Whether the app's answers have an accuracy. */
  has(app: number): boolean;
  accuracyOf(app: number, nowMs: number): number;
  learnt(): Learnt;
}

/** What learning did in a run. */
export interface Learnt {
  deploys: number;
  declined: number;
  /** Of sudden changes; absent where the drift has no moments of change, so that nothing can be called late or false. */
  falseAlarms?: number;
  detections?: number;
  detectionDelaySumMs?: number;
}
