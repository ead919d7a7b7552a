import type { Control } from '../control/control.js';
import { Training } from '../policy/contract.js';
import type { Heartbeat } from './heartbeat.js';
import { WorkerProcess, type Placement } from './worker/worker-process.js';
import type { WorkerOrder } from './worker/messages.js';

/** What the executor hears of its retraining jobs. */
export interface TrainerListener {
  epochEnded(job: number): void;
  paused(job: number): void;
  deployed(job: number, better: boolean): void;
  /** Its process ended by itself; it is started again after a pause where it is to train. */
  died(job: number, why: string, againInMs: number): void;
  /** It began or ceased to keep its accelerator busy. */
  active(job: number, active: boolean): void;
}

interface Trainer {
  process: WorkerProcess | undefined;
  ready: boolean;
  pauses: number;
  failures: number;
  isActive: boolean;
  restart: NodeJS.Timeout | undefined;
}

/**
 * The processes of the retraining jobs. Control tells them to run and to pause, and knows nothing of their deaths: one that dies is
 * started again here, with growing pauses, and is back at the end of its last epoch.
 */
export class Trainers {
  private readonly control: Control;
  private readonly heartbeat: Heartbeat;
  private readonly listener: TrainerListener;
  private readonly orderOf: (job: number) => { order: WorkerOrder; placement: Placement };
  private readonly trainers: Trainer[];

  constructor(control: Control, heartbeat: Heartbeat, orderOf: (job: number) => { order: WorkerOrder; placement: Placement }, listener: TrainerListener) {
    this.control = control;
    this.heartbeat = heartbeat;
    this.orderOf = orderOf;
    this.listener = listener;
    this.trainers = control.system.jobs.map(() => ({ process: undefined, ready: false, pauses: 0, failures: 0, isActive: false, restart: undefined }));
  }

  pid(job: number): number | undefined {
    return this.trainers[job].process?.pid;
  }

  isReady(job: number): boolean {
    return this.trainers[job].ready;
  }

  train(job: number): void {
    const trainer = this.trainers[job];
    clearTimeout(trainer.restart);
    if (trainer.process === undefined) this.begin(job);
    trainer.process!.train();
    if (trainer.ready) this.setActive(job, true);
  }

  pause(job: number): void {
    const trainer = this.trainers[job];
    // Nothing runs, so there is no slice to wait for; the answer comes later, as every answer.
    if (trainer.process === undefined) setImmediate(() => this.paused(job, trainer.pauses));
    else trainer.process.pause(++trainer.pauses);
  }

  deploy(job: number): void {
    const trainer = this.trainers[job];
    if (trainer.process === undefined) setImmediate(() => this.listener.deployed(job, false));
    else trainer.process.deploy();
  }

  /** Ends the process of a job. */
  discard(job: number): void {
    const trainer = this.trainers[job];
    clearTimeout(trainer.restart);
    if (trainer.process === undefined) return;
    this.heartbeat.forget(trainer.process);
    trainer.process.kill();
    trainer.process = undefined;
    this.setActive(job, false);
  }

  stop(): void {
    this.trainers.forEach((_, job) => this.discard(job));
  }

  private begin(job: number): void {
    const trainer = this.trainers[job];
    const { order, placement } = this.orderOf(job);
    trainer.ready = false;
    const process = new WorkerProcess(order, placement, {
      ready: () => {
        trainer.ready = true;
        trainer.failures = 0;
        if (this.control.jobs.state[job] === Training.running) this.setActive(job, true);
      },
      epochEnded: () => this.listener.epochEnded(job),
      paused: (pause) => this.paused(job, pause),
      deployed: (better) => this.listener.deployed(job, better),
      ended: (_outOfMemory, why) => this.ended(job, why),
    });
    trainer.process = process;
    this.heartbeat.watch(process, () => trainer.ready);
  }

  private paused(job: number, pause: number): void {
    if (pause !== this.trainers[job].pauses || this.control.jobs.state[job] !== Training.pausing) return;
    this.setActive(job, false);
    this.listener.paused(job);
  }

  private ended(job: number, why: string): void {
    const trainer = this.trainers[job];
    this.heartbeat.forget(trainer.process!);
    trainer.process = undefined;
    trainer.ready = false;
    this.setActive(job, false);
    const { restartAfterMs, longestRestartMs } = this.control.system.supervision;
    let pauseMs = Math.max(restartAfterMs, 1);
    for (let i = 0; i < trainer.failures && pauseMs < longestRestartMs; i++) pauseMs *= 2;
    pauseMs = Math.min(pauseMs, longestRestartMs);
    trainer.failures++;
    this.listener.died(job, why, pauseMs);
    if (this.control.jobs.state[job] === Training.pausing) this.listener.paused(job);
    else if (this.control.jobs.state[job] === Training.running) trainer.restart = setTimeout(() => this.train(job), pauseMs);
  }

  private setActive(job: number, active: boolean): void {
    const trainer = this.trainers[job];
    if (trainer.isActive === active) return;
    trainer.isActive = active;
    this.listener.active(job, active);
  }
}
