import type { Control } from '../control/control.js';
import { Training } from '../policy/contract.js';
import type { Progress, Proposal } from './engines/engine.js';
import type { Heartbeat } from './heartbeat.js';
import { WorkerProcess, type Placement } from './worker/worker-process.js';
import { Ending, type WorkerOrder } from './worker/messages.js';

/** What the executor hears of its retraining jobs. */
export interface TrainerListener {
  epochEnded(job: number): void;
  paused(job: number): void;
  deployed(job: number, proposal: Proposal): void;
  /** A sentence for the operator. */
  notice(job: number, sentence: string): void;
  /** Its process ended by itself; it is started again after a pause where it is to train, or not at all (Infinity) until it is told to train anew. */
  died(job: number, why: string, againInMs: number): void;
  /** It began or ceased to keep its accelerator busy. */
  active(job: number, active: boolean): void;
}

/** What a trainer's process begins as. */
export interface TrainerOrder {
  order: WorkerOrder;
  placement: Placement;
  /** Weights that serve at present, if they are others than the model is opened with. */
  inUse: Uint8Array | undefined;
}

interface Trainer {
  process: WorkerProcess | undefined;
  ready: boolean;
  pauses: number;
  failures: number;
  /** Times in a row, without an epoch between them, that it lacked memory, or that what it was told could not be done. */
  inVain: number;
  /** Why it is not started again, if so. */
  held: string | undefined;
  isActive: boolean;
  /** Whether it was asked to deploy and has not answered. */
  isAsked: boolean;
  progress: Progress | undefined;
  restart: NodeJS.Timeout | undefined;
}

/** Memory may be short, or a photograph half copied, for a while only; after so many times in a row it is not taken for that any more. */
const MOST_IN_VAIN = 3;

/**
 * The processes of the retraining jobs. Control tells them to run and to pause, and knows nothing of their deaths: one that dies is
 * started again here, with growing pauses, and goes on from its checkpoint. One that lacks memory again and again, or cannot do what
 * it is told, is held until control tells it to train anew.
 */
export class Trainers {
  private readonly control: Control;
  private readonly heartbeat: Heartbeat;
  private readonly listener: TrainerListener;
  private readonly orderOf: (job: number) => TrainerOrder;
  private readonly trainers: Trainer[];

  constructor(control: Control, heartbeat: Heartbeat, orderOf: (job: number) => TrainerOrder, listener: TrainerListener) {
    this.control = control;
    this.heartbeat = heartbeat;
    this.orderOf = orderOf;
    this.listener = listener;
    this.trainers = control.system.jobs.map(() => ({ process: undefined, ready: false, pauses: 0, failures: 0, inVain: 0, held: undefined, isActive: false, isAsked: false, progress: undefined, restart: undefined }));
  }

  pid(job: number): number | undefined {
    return this.trainers[job].process?.pid;
  }

  isReady(job: number): boolean {
    return this.trainers[job].ready;
  }

  /** How far it is; undefined before its first slice, or where its engine does not tell. */
  progress(job: number): Progress | undefined {
    return this.trainers[job].progress;
  }

  /** In words, for the operator. */
  stateOf(job: number): string {
    const { held, process, ready, isActive } = this.trainers[job];
    if (held !== undefined) return `held: ${held}`;
    if (process === undefined) return this.control.jobs.state[job] === Training.running ? 'waits for its restart' : 'stopped';
    return !ready ? 'starts' : isActive ? 'trains' : 'paused';
  }

  train(job: number): void {
    const trainer = this.trainers[job];
    trainer.held = undefined;
    trainer.inVain = 0;
    this.goOn(job);
  }

  pause(job: number): void {
    const trainer = this.trainers[job];
    // Nothing runs, so there is no slice to wait for; the answer comes later, as every answer.
    if (trainer.process === undefined) setImmediate(() => this.paused(job, trainer.pauses));
    else trainer.process.pause(++trainer.pauses);
  }

  deploy(job: number): void {
    const trainer = this.trainers[job];
    if (trainer.process === undefined) {
      setImmediate(() => this.listener.deployed(job, { better: false }));
      return;
    }
    trainer.isAsked = true;
    trainer.process.deploy();
  }

  /** Ends the process of a job. */
  discard(job: number): void {
    const trainer = this.trainers[job];
    clearTimeout(trainer.restart);
    if (trainer.process === undefined) return;
    this.heartbeat.forget(trainer.process);
    trainer.process.kill();
    trainer.process = undefined;
    trainer.isAsked = false;
    this.setActive(job, false);
  }

  stop(): void {
    this.trainers.forEach((_, job) => this.discard(job));
  }

  private goOn(job: number): void {
    const trainer = this.trainers[job];
    clearTimeout(trainer.restart);
    if (trainer.process === undefined) this.begin(job);
    trainer.process!.train();
    if (trainer.ready) this.setActive(job, true);
  }

  private begin(job: number): void {
    const trainer = this.trainers[job];
    const { order, placement, inUse } = this.orderOf(job);
    trainer.ready = false;
    const process = new WorkerProcess(
      order,
      placement,
      {
        ready: () => {
          trainer.ready = true;
          trainer.failures = 0;
          if (this.control.jobs.state[job] === Training.running) this.setActive(job, true);
        },
        epochEnded: () => {
          trainer.inVain = 0;
          this.listener.epochEnded(job);
        },
        progress: (progress) => (trainer.progress = progress),
        notice: (sentence) => this.listener.notice(job, sentence),
        paused: (pause) => this.paused(job, pause),
        deployed: (proposal) => {
          trainer.isAsked = false;
          this.listener.deployed(job, proposal);
        },
        ended: (ending, why) => this.ended(job, ending, why),
      },
      inUse,
    );
    trainer.process = process;
    this.heartbeat.watch(process, () => trainer.ready);
  }

  private paused(job: number, pause: number): void {
    if (pause !== this.trainers[job].pauses || this.control.jobs.state[job] !== Training.pausing) return;
    this.setActive(job, false);
    this.listener.paused(job);
  }

  private ended(job: number, ending: Ending, why: string): void {
    const trainer = this.trainers[job];
    const isRefusedAtOnce = ending === Ending.refused && !trainer.ready;
    this.heartbeat.forget(trainer.process!);
    trainer.process = undefined;
    trainer.ready = false;
    this.setActive(job, false);
    if (ending !== Ending.crashed) trainer.inVain++;
    const isHeld = isRefusedAtOnce || trainer.inVain >= MOST_IN_VAIN;
    const pauseMs = isHeld ? Infinity : this.nextPauseMs(trainer);
    if (isHeld) trainer.held = why;
    this.listener.died(job, why, pauseMs);
    // What it was about to compare is gone with it.
    if (trainer.isAsked) this.listener.deployed(job, { better: false });
    trainer.isAsked = false;
    if (this.control.jobs.state[job] === Training.pausing) this.listener.paused(job);
    else if (this.control.jobs.state[job] === Training.running && !isHeld) trainer.restart = setTimeout(() => this.goOn(job), pauseMs);
  }

  private nextPauseMs(trainer: Trainer): number {
    const { restartAfterMs, longestRestartMs } = this.control.system.supervision;
    let pauseMs = Math.max(restartAfterMs, 1);
    for (let i = 0; i < trainer.failures && pauseMs < longestRestartMs; i++) pauseMs *= 2;
    trainer.failures++;
    return Math.min(pauseMs, longestRestartMs);
  }

  private setActive(job: number, active: boolean): void {
    const trainer = this.trainers[job];
    if (trainer.isActive === active) return;
    trainer.isActive = active;
    this.listener.active(job, active);
  }
}
