import { NEVER, type Ms, type RetrainCommands, type TrainingChoice } from '../policy/contract.js';

type Command = keyof RetrainCommands;

/**
 * The retrain commands of a decision that takes time: they are noted when it is made and carried out when it would have been
 * ready. A scheduler makes one decision after the other, so one that is asked for meanwhile waits until the one before it is ready.
 */
export class LateCommands implements RetrainCommands {
  private readonly desk: RetrainCommands;
  private readonly waiting: { atMs: Ms; command: Command; job: number; choice: TrainingChoice | undefined }[] = [];
  /** When the decision being made, or the last one, is ready. */
  private readyMs = 0;

  constructor(desk: RetrainCommands) {
    this.desk = desk;
  }

  /** A decision begins now and takes so long. */
  begin(nowMs: Ms, costMs: Ms): void {
    this.readyMs = Math.max(nowMs, this.readyMs) + costMs;
  }

  /** Whether no earlier decision is being made. */
  isReady(nowMs: Ms): boolean {
    return this.readyMs <= nowMs && this.waiting.length === 0;
  }

  /** When commands are due next; NEVER without any. */
  get nextMs(): Ms {
    return this.waiting.length === 0 ? NEVER : this.waiting[0].atMs;
  }

  carryOut(nowMs: Ms): void {
    while (this.nextMs <= nowMs) {
      const { command, job, choice } = this.waiting.shift()!;
      this.desk[command](job, choice);
    }
  }

  run(job: number, choice?: TrainingChoice): void {
    this.note('run', job, choice === undefined ? undefined : { ...choice });
  }

  pause(job: number): void {
    this.note('pause', job);
  }

  stop(job: number): void {
    this.note('stop', job);
  }

  deploy(job: number): void {
    this.note('deploy', job);
  }

  notice(job: number): void {
    this.note('notice', job);
  }

  private note(command: Command, job: number, choice?: TrainingChoice): void {
    this.waiting.push({ atMs: this.readyMs, command, job, choice });
  }
}
