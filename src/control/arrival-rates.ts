const WEIGHT = 0.1;
/** A rate has shifted when it is so many times, or one in so many of, what was last told. */
const SHIFT = 2;

/** How often requests join each lane: exponentially weighted means of the times between them. */
export class ArrivalRates {
  /** Mean time between requests; 0 before the second one. */
  private readonly gapMs: Float64Array;
  private readonly lastMs: Float64Array;
  /** The mean when a shift was last told. */
  private readonly toldMs: Float64Array;

  constructor(lanes: number) {
    this.gapMs = new Float64Array(lanes);
    this.lastMs = new Float64Array(lanes).fill(NaN);
    this.toldMs = new Float64Array(lanes);
  }

  /** A request joined a lane. @returns whether its rate has doubled or halved since that was last said */
  arrived(lane: number, nowMs: number): boolean {
    const { gapMs, lastMs, toldMs } = this;
    const gap = nowMs - lastMs[lane];
    lastMs[lane] = nowMs;
    if (Number.isNaN(gap)) return false;
    gapMs[lane] = gapMs[lane] === 0 ? gap : gapMs[lane] + WEIGHT * (gap - gapMs[lane]);
    if (toldMs[lane] === 0) {
      toldMs[lane] = gapMs[lane];
      return false;
    }
    if (gapMs[lane] < toldMs[lane] * SHIFT && gapMs[lane] * SHIFT > toldMs[lane]) return false;
    toldMs[lane] = gapMs[lane];
    return true;
  }

  /** Requests per second; a lane that has become silent is believed to be as slow as its silence is long. */
  rateRps(lane: number, nowMs: number): number {
    if (this.gapMs[lane] === 0) return 0;
    return 1000 / Math.max(this.gapMs[lane], nowMs - this.lastMs[lane]);
  }
}
