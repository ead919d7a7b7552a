import type { AcceleratorTotals } from '../measurement/witness.js';

/** How long an accelerator had something to do. Energy and domain are not known of a real one. */
export class BusyTime implements AcceleratorTotals {
  readonly energyJ = 0;
  readonly outsideMs = 0;
  readonly outside = undefined;
  /** Processes that are active at present. */
  active = 0;
  private sumMs = 0;
  private sinceMs = 0;
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  get busyMs(): number {
    return this.active > 0 ? this.sumMs + this.now() - this.sinceMs : this.sumMs;
  }

  change(by: number): void {
    const nowMs = this.now();
    if (this.active > 0) this.sumMs += nowMs - this.sinceMs;
    this.sinceMs = nowMs;
    this.active += by;
  }
}
