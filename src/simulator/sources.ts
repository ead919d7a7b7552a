import { NONE } from '../policy/contract.js';
import type { Stream } from '../random/stream.js';
import type { Clients } from '../scenario/scenario.js';
import type { Arrivals } from '../trace/arrivals.js';
import { Due } from '../control/due.js';

/** Where the requests of one app come from. */
export interface Source {
  readonly app: number;
  /** Senders with draws of their own: the clients of a closed loop, 1 for an open stream. */
  readonly senders: number;
  /** When the next request is born; Infinity if none is known of. */
  nextMs: number;
  /** No request will come any more, unless one that is under way ends first. */
  readonly exhausted: boolean;
  /** To be awaited before time goes on: the next request's time must be read from a file. */
  readonly pending: Promise<void> | undefined;
  /** Of the request that is born at `nextMs`: */
  readonly ordinal: number;
  /** The closed-loop client that sends it, NONE in an open stream. */
  readonly client: number;
  readonly sloMs: number;
  /** Reads up to the first request, once before the run begins. */
  open(): void;
  /** Goes on to the next request. */
  advance(): void;
  /** A request of this source ended: a closed-loop client may send its next one. */
  ended(client: number, turnedAway: boolean, nowMs: number): void;
  close(): void | Promise<void>;
}

const BLOCK = 4096;

/** An open stream: requests come when they come. */
export class OpenSource implements Source {
  readonly app: number;
  readonly senders = 1;
  readonly client = NONE;
  nextMs = Infinity;
  ordinal = -1;
  exhausted = false;
  pending: Promise<void> | undefined;
  private readonly arrivals: Arrivals;
  private readonly untilMs: number;
  private readonly appSloMs: number;
  private readonly timeMs = new Float64Array(BLOCK);
  private readonly slo: Float64Array;
  private length = 0;
  private position = 0;

  constructor(app: number, arrivals: Arrivals, appSloMs: number, untilMs: number) {
    this.app = app;
    this.arrivals = arrivals;
    this.slo = new Float64Array(arrivals.hasSlo ? BLOCK : 0);
    this.appSloMs = appSloMs;
    this.untilMs = untilMs;
  }

  get sloMs(): number {
    if (this.slo.length === 0) return this.appSloMs;
    const own = this.slo[this.position - 1];
    return Number.isNaN(own) ? this.appSloMs : own;
  }

  open(): void {
    this.advance();
  }

  advance(): void {
    if (this.position === this.length) {
      this.nextMs = Infinity;
      const read = this.arrivals.read(this.timeMs, this.slo);
      if (typeof read === 'number') this.filled(read);
      else this.pending = read.then((count) => this.filled(count));
      return;
    }
    this.step();
  }

  ended(): void {}

  close(): void | Promise<void> {
    return this.arrivals.close();
  }

  private filled(count: number): void {
    this.pending = undefined;
    this.length = count;
    this.position = 0;
    if (count === 0) this.exhausted = true;
    else this.step();
  }

  private step(): void {
    const timeMs = this.timeMs[this.position++];
    if (timeMs > this.untilMs) {
      this.exhausted = true;
      this.nextMs = Infinity;
      return;
    }
    this.ordinal++;
    this.nextMs = timeMs;
  }
}

/** Closed-loop clients: each sends a request, waits until it ended, thinks, and sends the next one. */
export class ClientSource implements Source {
  readonly app: number;
  readonly senders: number;
  readonly sloMs: number;
  readonly pending = undefined;
  nextMs = Infinity;
  private readonly options: Clients;
  private readonly untilMs: number;
  private readonly thinking = new Due();
  private readonly draw: readonly Stream[];
  private readonly sent: Float64Array;
  private active: number;

  /** @param draw think-time draws of each client */
  constructor(app: number, options: Clients, draw: readonly Stream[], sloMs: number, untilMs: number) {
    this.app = app;
    this.options = options;
    this.draw = draw;
    this.sloMs = sloMs;
    this.untilMs = untilMs;
    this.sent = new Float64Array(options.count);
    this.senders = options.count;
    this.active = options.count;
  }

  get exhausted(): boolean {
    return this.active === 0;
  }

  get client(): number {
    return this.thinking.first;
  }

  get ordinal(): number {
    return this.sent[this.thinking.first];
  }

  open(): void {
    for (let client = 0; client < this.options.count; client++) this.think(client, 0, 0);
  }

  advance(): void {
    const client = this.thinking.shift();
    this.sent[client]++;
    this.nextMs = this.thinking.firstMs;
  }

  ended(client: number, turnedAway: boolean, nowMs: number): void {
    this.think(client, turnedAway ? this.options.retry_after_ms : 0, nowMs);
  }

  close(): void {}

  private think(client: number, leastMs: number, nowMs: number): void {
    const { think, think_ms, requests } = this.options;
    const thought = think === 'exponential' ? -Math.log(1 - this.draw[client]()) * think_ms : think_ms;
    const timeMs = nowMs + Math.max(leastMs, thought);
    if (timeMs > this.untilMs || this.sent[client] >= (requests ?? Infinity)) this.active--;
    else this.thinking.add(timeMs, client);
    this.nextMs = this.thinking.firstMs;
  }
}
