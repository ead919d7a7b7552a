import { PACKET_BYTES } from '../../trace/network/recording.js';
import { RateBottleneck, RecordedBottleneck, type Bottleneck } from './bottleneck.js';
import type { LinkSpec } from './spec.js';

/** One message on its way over one link. */
export interface Transfer {
  readonly id: number;
  request: number;
  /** What it is, for whoever sent it. */
  kind: number;
  hop: number;
  link: Link | undefined;
  /** The queue that it stands in. */
  queue: Bottleneck | undefined;
  /** Bytes that are to pass the queue; while the link is cut, those that are left. */
  bytes: number;
  /** When its last byte has passed the queue. */
  passedMs: number;
  /** Time from there to the end of the link; while the link is cut, what is left of it. */
  delayMs: number;
  isLost: boolean;
}

/** A link in one direction. It works out when transfers end; the list of what is due is kept by the network. */
export class Link {
  readonly spec: LinkSpec | undefined;
  isCut = false;
  /** What is on it, in the order in which it came. */
  readonly transfers = new Set<Transfer>();
  private readonly shared: Bottleneck | undefined;

  /**
   * @param spec without one the link takes no time
   * @param isShared whether all transfers stand in one queue; else each finds an empty link of its own
   * @param startMs where in its recording a shared link begins
   */
  constructor(spec: LinkSpec | undefined, isShared: boolean, startMs: number) {
    this.spec = spec;
    this.shared = isShared && spec !== undefined ? bottleneckOf(spec, startMs) : undefined;
  }

  /**
   * A message enters.
   *
   * @param u the uniform draw of its delay
   * @param startMs where in its recording the link of this phone begins
   * @returns when it leaves; Infinity while the link is cut; NaN if its queue is full, so that it is lost
   */
  enter(transfer: Transfer, u: number, startMs: number, nowMs: number): number {
    const { spec, shared } = this;
    if (spec !== undefined && shared !== undefined && spec.queuePackets < Infinity && this.queuedPackets(shared, nowMs) >= spec.queuePackets) return NaN;
    transfer.link = this;
    transfer.queue = spec && (shared ?? bottleneckOf(spec, startMs));
    transfer.delayMs = spec === undefined ? 0 : spec.delayMs(u);
    this.transfers.add(transfer);
    return this.isCut ? Infinity : this.pass(transfer, nowMs);
  }

  leave(transfer: Transfer): void {
    this.transfers.delete(transfer);
    transfer.link = undefined;
    transfer.queue = undefined;
  }

  /** Everything on it stands still from now on, and the opportunities of a recording pass unused. */
  cut(nowMs: number): void {
    this.isCut = true;
    const ahead = new Map<Bottleneck, number>();
    const inQueue = [...this.transfers].filter(({ queue, passedMs }) => queue !== undefined && passedMs > nowMs);
    // What is left of the first message in a queue is what is left of all of them less the whole of the others.
    for (const transfer of inQueue.reverse()) {
      const queue = transfer.queue!;
      const left = ahead.get(queue) ?? queue.backlogBytes(nowMs);
      const own = Math.min(transfer.bytes, left);
      ahead.set(queue, left - own);
      transfer.bytes = own;
    }
    for (const transfer of this.transfers) {
      if (transfer.queue !== undefined && transfer.passedMs > nowMs) continue;
      transfer.queue = undefined;
      transfer.delayMs = Math.max(0, transfer.passedMs + transfer.delayMs - nowMs);
    }
    for (const queue of ahead.keys()) queue.clear();
  }

  /** Everything on it goes on where it stopped, in the same order. @param due is told when each transfer leaves */
  restore(nowMs: number, due: (transfer: Transfer, leavesMs: number) => void): void {
    this.isCut = false;
    for (const transfer of this.transfers) due(transfer, this.pass(transfer, nowMs));
  }

  private pass(transfer: Transfer, nowMs: number): number {
    transfer.passedMs = transfer.queue === undefined ? nowMs : transfer.queue.enter(transfer.bytes, nowMs);
    return transfer.passedMs + transfer.delayMs;
  }

  private queuedPackets(queue: Bottleneck, nowMs: number): number {
    let bytes = 0;
    if (this.isCut) for (const transfer of this.transfers) bytes += transfer.queue === undefined ? 0 : transfer.bytes;
    else bytes = queue.backlogBytes(nowMs);
    return Math.ceil(bytes / PACKET_BYTES);
  }
}

function bottleneckOf({ bottleneck }: LinkSpec, startMs: number): Bottleneck | undefined {
  if (bottleneck === undefined) return undefined;
  return 'rateMbps' in bottleneck ? new RateBottleneck(bottleneck.rateMbps) : new RecordedBottleneck(bottleneck.recording, startMs);
}
