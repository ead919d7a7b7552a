/** One question to another clock: when it left, when its answer came (ms of this clock), and what the other one said (ms of its own). */
export interface ClockSample {
  askedMs: number;
  heardMs: number;
  theirsMs: number;
}

/** Questions that are remembered: clocks drift, and a way that was short once says less later. */
const KEPT = 30;
/** What two good clocks drift apart meanwhile, amply. */
const DRIFT_MS = 5;

/**
 * How far another process's clock is ahead of this one, by Cristian's algorithm (Distributed Computing 3, 1989): of the questions asked,
 * the one that was answered soonest says it best, and at its middle the other clock is taken to have been read. So the error is at
 * most half of the shortest time to an answer, and nothing where both ways take equally long.
 */
export class EdgeClock {
  private samples: ClockSample[] = [];

  add(sample: ClockSample): void {
    const best = this.best();
    // Two answers of one clock agree within what they leave open; otherwise the other process is a new one, whose clock began anew.
    if (best !== undefined && Math.abs(aheadMs(sample) - aheadMs(best)) > openMs(sample) + openMs(best) + DRIFT_MS) this.samples = [];
    this.samples.push(sample);
    if (this.samples.length > KEPT) this.samples.shift();
  }

  /** What the other clock shows when this one shows `nowMs`. @throws RangeError if it was never asked */
  theirsAt(nowMs: number): number {
    const best = this.best();
    if (best === undefined) throw new RangeError('the other clock was not asked yet');
    return nowMs + aheadMs(best);
  }

  private best(): ClockSample | undefined {
    return this.samples.length === 0 ? undefined : this.samples.reduce((a, b) => (openMs(b) < openMs(a) ? b : a));
  }
}

const aheadMs = ({ askedMs, heardMs, theirsMs }: ClockSample): number => theirsMs - (askedMs + heardMs) / 2;
const openMs = ({ askedMs, heardMs }: ClockSample): number => (heardMs - askedMs) / 2;
