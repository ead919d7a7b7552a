/** What one delivery opportunity carries, as in mahimahi's `mm-link`. */
export const PACKET_BYTES = 1500;

/**
 * Recorded capacity of a link: the moments at which one packet of 1,500 bytes could cross it. After its last moment the
 * recording begins anew, so opportunity k comes at ⌊k / n⌋ · T + timeMs[k mod n], where T is the last of the n times.
 */
export class Recording {
  private readonly timeMs: Float64Array;
  readonly periodMs: number;

  /** @param timeMs at least one, never falling, the last one above 0 */
  constructor(timeMs: Float64Array) {
    this.timeMs = timeMs;
    this.periodMs = timeMs[timeMs.length - 1];
  }

  /** Opportunities in one pass of the recording. */
  get length(): number {
    return this.timeMs.length;
  }

  /** When opportunity `k` ≥ 0 comes. */
  at(k: number): number {
    const lap = Math.floor(k / this.timeMs.length);
    return lap * this.periodMs + this.timeMs[k - lap * this.timeMs.length];
  }

  /** The first opportunity after a moment ≥ 0, not at it: mahimahi spends what is due before it takes a new packet in. */
  firstAfter(nowMs: number): number {
    const { timeMs, periodMs } = this;
    let lap = Math.floor(nowMs / periodMs);
    if (lap * periodMs > nowMs) lap--;
    const within = nowMs - lap * periodMs;
    let low = 0;
    let high = timeMs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (timeMs[middle] > within) high = middle;
      else low = middle + 1;
    }
    return lap * timeMs.length + low;
  }
}
