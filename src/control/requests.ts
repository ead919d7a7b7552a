import { NONE } from '../policy/contract.js';

/**
 * Records of the requests in the system, as columns: ids are dense and reused, so that millions of requests need no
 * more memory than those that are in the system at once.
 */
export class Requests {
  capacity = 256;
  app = new Int32Array(this.capacity);
  /** Position in the workload's stream. */
  ordinal = new Float64Array(this.capacity);
  bornMs = new Float64Array(this.capacity);
  deadlineMs = new Float64Array(this.capacity);
  /** When it reached the site of its present stage, and when it last started there. */
  arrivedMs = new Float64Array(this.capacity);
  startedMs = new Float64Array(this.capacity);
  /** By which its lane is ordered; a request that is retried keeps it. */
  key = new Float64Array(this.capacity);
  stage = new Int32Array(this.capacity);
  /** Since when it has been on its way to the site of its present stage. */
  sentMs = new Float64Array(this.capacity);
  /** The lane that it joined last; NONE before the first. */
  lane = new Int32Array(this.capacity);
  /** Chance of its answer to be right, where a repository has versions; NaN elsewhere. */
  accuracy = new Float64Array(this.capacity);
  attempts = new Int32Array(this.capacity);
  /** Whether the id stands for a request at present. */
  alive = new Uint8Array(this.capacity);
  /** Sites to visit, `stageCount` per request. */
  path: Int32Array;
  /** Bits of `Leg`; 0 where there is no second leg. */
  legs = new Uint8Array(this.capacity);
  /** The other leg of the same request, or NONE. Of duplicated requests only, as is the worker time that a leg has had. */
  other = new Int32Array(this.capacity);
  servedMs = new Float64Array(this.capacity);
  /** Successor in a batch, or in the list of free ids. */
  next = new Int32Array(this.capacity);
  private free = NONE;
  private used = 0;
  readonly stageCount: number;

  constructor(stageCount: number) {
    this.stageCount = stageCount;
    this.path = new Int32Array(this.capacity * stageCount);
  }

  allocate(): number {
    let id = this.free;
    if (id !== NONE) this.free = this.next[id];
    else {
      if (this.used === this.capacity) this.grow();
      id = this.used++;
    }
    this.alive[id] = 1;
    return id;
  }

  release(id: number): void {
    this.alive[id] = 0;
    this.next[id] = this.free;
    this.free = id;
  }

  /** Ids of all requests in the system, ascending. */
  *[Symbol.iterator](): Generator<number> {
    for (let id = 0; id < this.used; id++) if (this.alive[id]) yield id;
  }

  private grow(): void {
    this.capacity *= 2;
    this.app = enlarged(this.app, this.capacity);
    this.ordinal = enlarged(this.ordinal, this.capacity);
    this.bornMs = enlarged(this.bornMs, this.capacity);
    this.deadlineMs = enlarged(this.deadlineMs, this.capacity);
    this.arrivedMs = enlarged(this.arrivedMs, this.capacity);
    this.startedMs = enlarged(this.startedMs, this.capacity);
    this.key = enlarged(this.key, this.capacity);
    this.stage = enlarged(this.stage, this.capacity);
    this.sentMs = enlarged(this.sentMs, this.capacity);
    this.lane = enlarged(this.lane, this.capacity);
    this.accuracy = enlarged(this.accuracy, this.capacity);
    this.attempts = enlarged(this.attempts, this.capacity);
    this.alive = enlarged(this.alive, this.capacity);
    this.legs = enlarged(this.legs, this.capacity);
    this.other = enlarged(this.other, this.capacity);
    this.servedMs = enlarged(this.servedMs, this.capacity);
    this.path = enlarged(this.path, this.capacity * this.stageCount);
    this.next = enlarged(this.next, this.capacity);
  }
}

/** A longer copy of a column. */
export function enlarged<T extends Int32Array | Float64Array | Uint8Array>(column: T, length: number): T {
  const longer = new (column.constructor as new (length: number) => T)(length);
  longer.set(column);
  return longer;
}
