/** Bins over the time of birth; when a run needs more, every two become one. */
const MOST_BINS = 4096;
const FIRST_WIDTH_MS = 1000;

/** A bin in which fewer than this share of the requests met their SLO is a disturbed one. */
export const UNDISTURBED = 0.9;

/** SLO attainment over the time of birth, in memory that does not grow with the run. */
export class AttainmentOverTime {
  private widthMs = FIRST_WIDTH_MS;
  private readonly withSlo = new Int32Array(MOST_BINS);
  private readonly inSlo = new Int32Array(MOST_BINS);

  /** Counts a request that had an SLO. @param sinceMs its birth, in ms since the measured window began */
  add(sinceMs: number, inSlo: boolean): void {
    while (sinceMs >= this.widthMs * MOST_BINS) this.widen();
    const bin = Math.floor(sinceMs / this.widthMs);
    this.withSlo[bin]++;
    if (inSlo) this.inSlo[bin]++;
  }

  /**
   * Length in s of the longest stretch in which the SLO was missed by more than one in ten: from its first disturbed bin to its
   * last, bins without requests between them included. 0 without one. Bins are 1 s wide, and wider in runs of more than 4,096 s.
   */
  longestDisturbanceS(): number {
    let longest = 0;
    let first = -1;
    for (let bin = 0; bin < MOST_BINS; bin++) {
      if (this.withSlo[bin] === 0) continue;
      if (this.inSlo[bin] >= UNDISTURBED * this.withSlo[bin]) first = -1;
      else {
        if (first < 0) first = bin;
        longest = Math.max(longest, bin - first + 1);
      }
    }
    return (longest * this.widthMs) / 1000;
  }

  private widen(): void {
    this.widthMs *= 2;
    for (const counts of [this.withSlo, this.inSlo]) {
      for (let bin = 0; bin < MOST_BINS / 2; bin++) counts[bin] = counts[2 * bin] + counts[2 * bin + 1];
      counts.fill(0, MOST_BINS / 2);
    }
  }
}
