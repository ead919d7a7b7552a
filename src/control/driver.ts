/**
 * Carries out what control decides: the simulator on a simulated clock, the executor on real processes. What comes of a
 * command is fed back later as a call of `Control`; a driver never calls control from inside a command.
 */
export interface Driver {
  /** Brings a request from its client to a site. True: it is there already; false: `control.arrived` will say so, or `control.lost`. */
  upload(request: number, site: number): boolean;
  /** Brings a request from one stage's site to the next one's. As `upload`. */
  forward(request: number, fromSite: number, toSite: number): boolean;
  /** Brings the answer to the client. True: it is there already; false: `control.delivered` will say so, or `control.lost`. */
  answer(request: number): boolean;
  /** A second record stands for the same request from now on: what the driver keeps of the request (its client, its image) is the second leg's as well. */
  duplicated(request: number, leg: number): void;
  /** Runs the worker's batch; `control.finished` follows, or `control.died`. */
  start(worker: number): void;
  /** Starts a process that loads a model; `control.loaded`, `control.outOfMemory` or `control.died` follows. `warm`: it is loaded before the run begins. */
  load(worker: number, warm: boolean): void;
  /** Ends a process at once, whatever it is doing; nothing follows. */
  kill(worker: number): void;
  /** Starts a retraining job (`fresh`) by the choice that `control.jobs` has for it, or resumes it; `control.epochEnded` follows at each epoch's end. */
  train(job: number, fresh: boolean): void;
  /** Stops a retraining job after its current slice; `control.paused` follows. */
  pause(job: number): void;
  /** Puts a job's weights in the place of those in use, if they are better on held-out images; `control.deployed` follows. */
  deploy(job: number): void;
  /** A job's process ends; what it learnt since the last deploy is thrown away. */
  discard(job: number): void;
  /** A policy noticed that this job's model has got worse. */
  notice(job: number): void;
  /** Brings the newest version of a repository's model to a site; `control.pulled` follows. A driver without a repository has none of these two. */
  pull?(site: number, model: number): void;
  /** Takes a model out of the storage of a site. */
  discardModel?(site: number, model: number): void;
  /** Whether time stands still while a policy decides, so that a decision is charged what it says it costs (`costMs`). */
  readonly chargesDecisions?: boolean;
  /** Whether a job can be trained by another configuration than its own, and with a share. */
  readonly trainsByChoice?: boolean;
  /** Calls `control.timer(decision)` at this time instead of the one asked for before; Infinity cancels. */
  wake(decision: number, atMs: number): void;
}

/** How a request ended. */
export const Outcome = { answered: 0, rejected: 1, failed: 2, unfinished: 3 } as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

/** Is told of every request's end, exactly once, while its record in the request table is still valid: that of the leg whose answer counted, if there were two. */
export interface Observer {
  ended(request: number, outcome: Outcome, nowMs: number): void;
}
