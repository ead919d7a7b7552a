import { stream, type Seed, type Stream } from '../random/stream.js';
import { faultKinds, type Fault, type FaultEvent } from './fault.js';

/**
 * All faults of one run in order of time, at equal times in the order of the list. Every draw belongs to the seed, the replication and
 * the fault's position, so all alternatives, and a real run, meet the same ones. It never ends by itself where a fault comes again and again.
 */
export class FaultScript {
  private readonly timelines: Timeline[];
  private first: Timeline | undefined;

  constructor(faults: readonly Fault[], seed: Seed, replication: number) {
    this.timelines = faults.map((fault, index) => new Timeline(fault, index, stream(seed, replication, 'fault', index)));
    this.choose();
  }

  /** When the next fault begins or ends; Infinity if there is none. */
  get nextMs(): number {
    return this.first?.next.atMs ?? Infinity;
  }

  /** Whether something that is broken at present will be whole again. */
  get willEnd(): boolean {
    return this.timelines.some(({ next }) => !next.begins && next.atMs < Infinity);
  }

  /** Takes the event that is due at `nextMs`. The object is its own; it may be kept. */
  take(): FaultEvent {
    const event = this.first!.next;
    this.first!.advance();
    this.choose();
    return event;
  }

  private choose(): void {
    let first: Timeline | undefined;
    for (const timeline of this.timelines) if (timeline.next.atMs < (first?.next.atMs ?? Infinity)) first = timeline;
    this.first = first;
  }
}

const exponentialMs = (meanMs: number, draw: Stream): number => -Math.log(1 - draw()) * meanMs;

/** The beginnings and ends of one fault. */
class Timeline {
  next: FaultEvent;
  private readonly draw: Stream;

  constructor(fault: Fault, index: number, draw: Stream) {
    this.draw = draw;
    const { when } = fault;
    const atMs = 'atMs' in when ? when.atMs : exponentialMs(when.meanEveryMs, draw);
    this.next = { atMs, index, fault, begins: true, draw: draw() };
  }

  advance(): void {
    const { fault, index, begins, atMs, draw } = this.next;
    const { when, lasts } = fault;
    if (begins && faultKinds[fault.kind].lasts) {
      const forMs = lasts === undefined ? Infinity : 'forMs' in lasts ? lasts.forMs : exponentialMs(lasts.meanForMs, this.draw);
      this.next = { atMs: atMs + forMs, index, fault, begins: false, draw };
      return;
    }
    const pauseMs = 'atMs' in when ? Infinity : exponentialMs(when.meanEveryMs, this.draw);
    this.next = { atMs: atMs + pauseMs, index, fault, begins: true, draw: this.draw() };
  }
}
