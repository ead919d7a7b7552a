import { NONE } from '../policy/contract.js';

export const WorkerState = { loading: 0, idle: 1, active: 2, dead: 3 } as const;
export type WorkerState = (typeof WorkerState)[keyof typeof WorkerState];

/** An operating-system process with one model on one accelerator. */
export class Worker {
  readonly id: number;
  readonly lane: number;
  readonly accelerator: number;
  readonly memoryMiB: number;
  state: WorkerState = WorkerState.loading;
  /** First request of its batch, chained by `Requests.next`; NONE if it has none. */
  batch = NONE;
  batchSize = 0;

  constructor(id: number, lane: number, accelerator: number, memoryMiB: number) {
    this.id = id;
    this.lane = lane;
    this.accelerator = accelerator;
    this.memoryMiB = memoryMiB;
  }
}
