import { NONE } from '../policy/contract.js';

export const WorkerState = { loading: 0, idle: 1, active: 2, dead: 3 } as const;
export type WorkerState = (typeof WorkerState)[keyof typeof WorkerState];

/** An operating-system process with one model on one accelerator. */
export class Worker {
  readonly id: number;
  readonly lane: number;
  readonly accelerator: number;
  readonly memoryMiB: number;
  /** Of the accelerator's processors, fixed when its process starts; undefined: as the profile has it. */
  readonly sharePercent: number | undefined;
  state: WorkerState = WorkerState.loading;
  /** First request of its batch, chained by `Requests.next`; NONE if it has none. */
  batch = NONE;
  batchSize = 0;
  /** When its process was started. */
  readonly sinceMs: number;
  /** It was placed there to stay, so it is started again when it dies; and how often that was tried in vain so far. */
  standing = false;
  failures = 0;
  /** It is to end after its batch. */
  leaving = false;
  /** Of its model, as its repository numbers them. */
  version = 1;
  /** When it last came to rest; its start before that. */
  restedMs: number;

  constructor(id: number, lane: number, accelerator: number, memoryMiB: number, nowMs: number, sharePercent?: number) {
    this.sinceMs = nowMs;
    this.restedMs = nowMs;
    this.id = id;
    this.lane = lane;
    this.accelerator = accelerator;
    this.memoryMiB = memoryMiB;
    this.sharePercent = sharePercent;
  }
}
