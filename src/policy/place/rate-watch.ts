import { NEVER, type Ms, type PlaceView } from '../contract.js';

/** Looks at the arrival rates in the time in which they are observed. */
const LOOKS = 100;

/** Mean rates of the lanes over a time of observation: the view's own follows the last few requests only. */
export class RateWatch {
  /** When to look next; NEVER when the observation is over. */
  nextMs: Ms = NEVER;
  private looks = 0;
  private readonly everyMs: Ms;
  /** By lane: sum of the times between requests that were seen, and how many. */
  private readonly gapSumMs: number[] = [];
  private readonly gaps: number[] = [];

  constructor(observeMs: Ms) {
    this.everyMs = observeMs / LOOKS;
  }

  begin(nowMs: Ms): void {
    this.nextMs = nowMs + this.everyMs;
  }

  /** @returns whether the observation is over with this look */
  look(nowMs: Ms, view: PlaceView): boolean {
    for (const lane of view.lanes) {
      const rateRps = view.arrivalRateRps(lane);
      if (rateRps === 0) continue;
      this.gapSumMs[lane] = (this.gapSumMs[lane] ?? 0) + 1000 / rateRps;
      this.gaps[lane] = (this.gaps[lane] ?? 0) + 1;
    }
    const isOver = ++this.looks === LOOKS;
    this.nextMs = isOver ? NEVER : nowMs + this.everyMs;
    return isOver;
  }

  /** Requests per second that joined a lane; undefined if none was seen. */
  rateRps(lane: number): number | undefined {
    return this.gaps[lane] === undefined ? undefined : (1000 * this.gaps[lane]) / this.gapSumMs[lane];
  }
}
