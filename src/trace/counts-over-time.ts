/** Bins that are kept. */
export const MOST_BINS = 65_536;

/** Requests per bin of time, in memory that does not grow with the trace: when it needs more bins, every two become one. */
export class CountsOverTime {
  widthMs: number;
  private readonly counts = new Float64Array(MOST_BINS);
  private last = -1;

  /** @param widthMs width of a bin to begin with */
  constructor(widthMs: number) {
    this.widthMs = widthMs;
  }

  add(timeMs: number): void {
    while (timeMs >= this.widthMs * MOST_BINS) this.widen();
    const bin = Math.floor(timeMs / this.widthMs);
    this.counts[bin]++;
    if (bin > this.last) this.last = bin;
  }

  /** Counts by bin, up to the last one that holds a request. */
  get bins(): Float64Array {
    return this.counts.subarray(0, this.last + 1);
  }

  private widen(): void {
    for (let bin = 0; bin < MOST_BINS / 2; bin++) this.counts[bin] = this.counts[2 * bin] + this.counts[2 * bin + 1];
    this.counts.fill(0, MOST_BINS / 2);
    this.last = Math.floor(this.last / 2);
    this.widthMs *= 2;
  }
}
