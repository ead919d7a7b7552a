import type { Outcome } from './driver.js';

/**
 * The accounts of a run, kept whatever else is measured.
 *
 * Invariants, which tests cite by name:
 * - `once`: every request that was born ends exactly once.
 * - `causal`: no request ends before it was born.
 * - `little`: the integral of the number of requests in the system equals the sum of their times in it.
 */
export class Books {
  born = 0;
  readonly ended = [0, 0, 0, 0];
  outOfMemory = 0;
  /** Time that workers were busy with batches that they finished. */
  servedMs = 0;
  private inSystemNow = 0;
  private areaMs = 0;
  private sojournMs = 0;
  /** When a request was last born or ended. */
  lastMs = 0;

  get inSystem(): number {
    return this.inSystemNow;
  }

  /** @param bornMs before now where the request was on its way from another process, whose books have that time */
  birth(nowMs: number, bornMs = nowMs): void {
    if (bornMs > nowMs) throw new BooksError('causal', `a request that came at ${nowMs} ms was born at ${bornMs} ms`);
    this.sojournMs -= nowMs - bornMs;
    this.areaMs += this.inSystemNow * (nowMs - this.lastMs);
    this.lastMs = nowMs;
    this.inSystemNow++;
    this.born++;
  }

  end(bornMs: number, outcome: Outcome, nowMs: number): void {
    if (nowMs < bornMs) throw new BooksError('causal', `a request born at ${bornMs} ms ended at ${nowMs} ms`);
    this.areaMs += this.inSystemNow * (nowMs - this.lastMs);
    this.lastMs = nowMs;
    this.inSystemNow--;
    this.sojournMs += nowMs - bornMs;
    this.ended[outcome]++;
  }

  /** To be called when every request has ended. @throws BooksError naming the broken invariant */
  close(): void {
    const ended = this.ended[0] + this.ended[1] + this.ended[2] + this.ended[3];
    if (ended !== this.born || this.inSystemNow !== 0) throw new BooksError('once', `${this.born} requests were born, ${ended} ended`);
    // Both sums lose digits where the clock is far from 0; one part in a million is far above that and far below a lost request's time.
    if (Math.abs(this.areaMs - this.sojournMs) > 1e-6 * Math.max(1, this.areaMs))
      throw new BooksError('little', `requests × time is ${this.areaMs} ms, the sum of their times ${this.sojournMs} ms`);
  }
}

/** A broken invariant: a bug in Corun, never a user's mistake. */
export class BooksError extends Error {
  override readonly name = 'BooksError';
  readonly invariant: 'once' | 'causal' | 'little' | 'memory' | 'busy';
  constructor(invariant: BooksError['invariant'], message: string) {
    super(`the books do not balance (${invariant}): ${message}`);
    this.invariant = invariant;
  }
}
