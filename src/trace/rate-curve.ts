/**
 * A rate that is linear between points in time, and may jump where two points have the same time; after the last point it stays. Gives
 * the moment at which the expected number of requests reaches a value, by which a unit-rate process becomes one with this rate.
 *
 * Source: time change (inversion of the cumulative rate); Çinlar, Introduction to Stochastic Processes, 1975, 4.7.
 */
export class RateCurve {
  private readonly timeMs: number[];
  private readonly perMs: number[];
  /** Expected number up to each point. */
  private readonly expected: number[];
  private at = 0;

  /** @param points [time in ms, rate in requests per s], times ascending from 0 */
  constructor(points: readonly (readonly [timeMs: number, rateRps: number])[]) {
    this.timeMs = points.map(([timeMs]) => timeMs);
    this.perMs = points.map(([, rateRps]) => rateRps / 1000);
    this.expected = [0];
    for (let i = 1; i < points.length; i++)
      this.expected.push(this.expected[i - 1] + ((this.perMs[i - 1] + this.perMs[i]) / 2) * (this.timeMs[i] - this.timeMs[i - 1]));
  }

  /** Expected number of requests up to the last point. */
  get total(): number {
    return this.expected[this.expected.length - 1];
  }

  /** When `count` requests are expected. Asked with values that do not fall. Infinity if that is never reached. */
  timeOf(count: number): number {
    const { timeMs, perMs, expected } = this;
    const last = expected.length - 1;
    while (this.at < last && expected[this.at + 1] < count) this.at++;
    const i = this.at;
    const left = count - expected[i];
    if (i === last) return perMs[i] > 0 ? timeMs[i] + left / perMs[i] : Infinity;
    const width = timeMs[i + 1] - timeMs[i];
    const slope = width > 0 ? (perMs[i + 1] - perMs[i]) / width : 0;
    if (left <= 0) return timeMs[i];
    // left = r t + slope t²/2, in the form that loses no digits for a small slope.
    return timeMs[i] + (2 * left) / (perMs[i] + Math.sqrt(Math.max(0, perMs[i] * perMs[i] + 2 * slope * left)));
  }
}
