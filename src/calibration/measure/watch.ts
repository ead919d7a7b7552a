/** Two clocks: one that only goes on, one that people set. */
export interface Clocks {
  monotonicMs(): number;
  wallMs(): number;
}

export const realClocks: Clocks = { monotonicMs: () => performance.now(), wallMs: () => Date.now() };

/** Less is what clocks are disciplined by. */
const JUMP_MS = 1000;
const BEAT_MS = 100;

/** Notices what makes a measurement worthless: a clock that was set, a machine that slept, a program that was held up. */
export class Watch {
  private readonly clocks: Clocks;
  private readonly origin: number;
  private lastMs: number;
  private longestMs = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(clocks: Clocks = realClocks) {
    this.clocks = clocks;
    this.lastMs = clocks.monotonicMs();
    this.origin = clocks.wallMs() - this.lastMs;
    this.timer = setInterval(() => this.beat(), BEAT_MS);
  }

  private beat(): void {
    const nowMs = this.clocks.monotonicMs();
    this.longestMs = Math.max(this.longestMs, nowMs - this.lastMs);
    this.lastMs = nowMs;
  }

  /** Ends watching. @returns what happened, as a sentence; undefined if nothing did */
  end(): string | undefined {
    clearInterval(this.timer);
    this.beat();
    const jumpMs = this.clocks.wallMs() - this.clocks.monotonicMs() - this.origin;
    if (Math.abs(jumpMs) > JUMP_MS) return `the clock of the machine jumped by ${(jumpMs / 1000).toFixed(1)} s (it was set, or the machine slept)`;
    if (this.longestMs > JUMP_MS + BEAT_MS) return `the measuring program was held up for ${(this.longestMs / 1000).toFixed(1)} s`;
    return undefined;
  }
}
