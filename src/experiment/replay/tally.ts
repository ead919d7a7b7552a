import { LatencyHistogram } from '../../statistics/histogram.js';

/** One request of a replay. Times are in ms since the replay began. */
export interface Sent {
  /** From 0, in the order of the trace. */
  ordinal: number;
  app: string | undefined;
  model: string;
  /** When the schedule wanted it sent; in a closed loop, when its client was ready. */
  dueMs: number;
  /** When the sender came to it; NaN where it did not. */
  sentMs: number;
  /** When its answer was there whole, or why there is none was known. */
  endedMs: number;
  /** As `Reply.outcome`, or "not_sent". */
  outcome: string;
  /** From due; NaN without one. */
  sloMs: number;
}

export interface Latency {
  mean: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/** What became of some requests. Latencies are of those that were answered with 200. */
export interface Counts {
  requests: number;
  answered: number;
  /** By status, or by why there is none. */
  outcomes: Record<string, number>;
  /** Answered requests per second, from the first due to the last end. */
  throughput_rps: number;
  /** From due to answered: what a user of the trace would have waited. Absent if none was answered. */
  latency_from_due_ms?: Latency;
  /** From sent to answered. */
  latency_from_sent_ms?: Latency;
  /** From due to sent. Absent if none was sent. */
  sender_late_ms?: Omit<Latency, 'mean' | 'p95'>;
  /** Share of the requests with an SLO that were answered within it, from due. Absent if none has one. */
  slo_attainment?: number;
}

class Spread {
  private readonly histogram = new LatencyHistogram();
  private sum = 0;
  private count = 0;
  private max = 0;

  add(ms: number): void {
    // Two readings of a clock that never goes back, so less than 0 is a rounding.
    const value = Math.max(0, ms);
    this.histogram.add(value);
    this.sum += value;
    this.count++;
    if (value > this.max) this.max = value;
  }

  latency(): Latency | undefined {
    if (this.count === 0) return undefined;
    const at = (p: number): number => Math.min(this.histogram.quantile(p), this.max);
    return { mean: this.sum / this.count, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: this.max };
  }
}

/** Counts requests as they end. Its size does not grow with them; percentiles are off by less than 0.8 %. */
export class ReplayTally {
  private readonly fromDue = new Spread();
  private readonly fromSent = new Spread();
  private readonly late = new Spread();
  private readonly outcomes = new Map<string, number>();
  private requests = 0;
  private withSlo = 0;
  private withinSlo = 0;
  private firstDueMs = Infinity;
  private lastEndMs = -Infinity;

  add({ dueMs, sentMs, endedMs, outcome, sloMs }: Sent): void {
    this.requests++;
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
    this.firstDueMs = Math.min(this.firstDueMs, dueMs);
    this.lastEndMs = Math.max(this.lastEndMs, endedMs);
    if (!Number.isNaN(sentMs)) this.late.add(sentMs - dueMs);
    const isAnswered = outcome === '200';
    if (isAnswered) {
      this.fromDue.add(endedMs - dueMs);
      this.fromSent.add(endedMs - sentMs);
    }
    if (Number.isNaN(sloMs)) return;
    this.withSlo++;
    if (isAnswered && endedMs - dueMs <= sloMs) this.withinSlo++;
  }

  get durationMs(): number {
    return this.requests === 0 ? 0 : this.lastEndMs - this.firstDueMs;
  }

  counts(): Counts {
    const answered = this.outcomes.get('200') ?? 0;
    const late = this.late.latency();
    return {
      requests: this.requests,
      answered,
      outcomes: Object.fromEntries([...this.outcomes].sort(([a], [b]) => (a < b ? -1 : 1))),
      throughput_rps: this.durationMs > 0 ? (1000 * answered) / this.durationMs : 0,
      ...(answered > 0 && { latency_from_due_ms: this.fromDue.latency(), latency_from_sent_ms: this.fromSent.latency() }),
      ...(late && { sender_late_ms: { p50: late.p50, p99: late.p99, max: late.max } }),
      ...(this.withSlo > 0 && { slo_attainment: this.withinSlo / this.withSlo }),
    };
  }
}
