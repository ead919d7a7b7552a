import { PACKET_BYTES, type Recording } from '../../trace/network/recording.js';

/** The part of a link that bytes pass one after the other, first come, first served. */
export interface Bottleneck {
  /** A message joins the queue at `nowMs`. @returns when its last byte has passed */
  enter(bytes: number, nowMs: number): number;
  /** Bytes that wait, or of which a part has passed, at `nowMs`. */
  backlogBytes(nowMs: number): number;
  /** Forgets all that is in it. */
  clear(): void;
}

/** Bytes pass at a constant rate: a message of B bytes takes 8 B / rate from when its turn comes. */
export class RateBottleneck implements Bottleneck {
  private readonly bytesPerMs: number;
  private freeMs = 0;

  /** @param rateMbps millions of bits per second */
  constructor(rateMbps: number) {
    this.bytesPerMs = (rateMbps * 1000) / 8;
  }

  enter(bytes: number, nowMs: number): number {
    return (this.freeMs = Math.max(this.freeMs, nowMs) + bytes / this.bytesPerMs);
  }

  backlogBytes(nowMs: number): number {
    return Math.max(0, this.freeMs - nowMs) * this.bytesPerMs;
  }

  clear(): void {
    this.freeMs = 0;
  }
}

/**
 * Bytes pass at recorded opportunities of 1,500 bytes each, as in mahimahi's `mm-link` (`LinkQueue::rationalize`): what a
 * message leaves of an opportunity goes to the next one if that one is in the queue by then, and is lost otherwise; an
 * opportunity that comes while the queue is empty is lost. A message joins after the opportunities of the same moment.
 * Since all opportunities carry the same, the last one that a message needs is found by division, and its first by one binary search.
 */
export class RecordedBottleneck implements Bottleneck {
  private readonly recording: Recording;
  private readonly offsetMs: number;
  /** The opportunity in which the last byte of the queue passes, when it comes, and what is then left of it. */
  private last = 0;
  private lastMs = -1;
  private leftBytes = 0;

  /** @param offsetMs where in the recording the run begins */
  constructor(recording: Recording, offsetMs: number) {
    this.recording = recording;
    this.offsetMs = offsetMs;
  }

  enter(bytes: number, nowMs: number): number {
    const { recording, offsetMs } = this;
    if (this.lastMs <= nowMs) {
      this.last = recording.firstAfter(nowMs + offsetMs);
      this.leftBytes = PACKET_BYTES;
    }
    const more = Math.max(0, Math.ceil((bytes - this.leftBytes) / PACKET_BYTES));
    this.last += more;
    this.leftBytes += more * PACKET_BYTES - bytes;
    // In a recording that was entered at a fraction of a ms the subtraction may round to just before `nowMs`.
    return (this.lastMs = Math.max(nowMs, recording.at(this.last) - offsetMs));
  }

  backlogBytes(nowMs: number): number {
    if (this.lastMs <= nowMs) return 0;
    return (this.last - this.recording.firstAfter(nowMs + this.offsetMs) + 1) * PACKET_BYTES - this.leftBytes;
  }

  clear(): void {
    this.lastMs = -1;
  }
}
