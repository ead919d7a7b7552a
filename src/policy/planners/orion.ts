/**
 * Orion's rule: when an operation of a best-effort client may start beside a high-priority one.
 *
 * Source: Strati, Ma, Klimovic: Orion, EuroSys 2024, doi 10.1145/3627703.3629578, and its released code. It speaks of single GPU
 * operations; a profile of whole inferences and training steps has one kind and one width for each of them.
 */
export type OrionKind = 'compute' | 'memory' | 'unknown';

/** What is known of an operation. */
export interface OrionOperation {
  kind: OrionKind;
  /** Multiprocessors that it fills. */
  processors: number;
  /** Alone. */
  durationMs: number;
}

export interface OrionLimits {
  /** Multiprocessors that best effort may fill beside the high-priority client: all of them beside inference. */
  processors: number;
  /** Best-effort work that may be under way at once, in ms. */
  durationMs: number;
}

/** Part of a high-priority request's solo time that best-effort work may last; 160 µs for its ResNet-50 of 6.5 ms. */
const DURATION_SHARE = 0.025;

/** Limits beside high-priority inference. */
export const orionLimits = (processors: number, highPriorityMs: number): OrionLimits => ({ processors, durationMs: DURATION_SHARE * highPriorityMs });

/** FLOP per byte from which an operation is bound by compute: the ridge of a V100. */
const RIDGE = 9.72;
const BUSY = 0.6;

/** Kind of an operation: by arithmetic intensity, or by utilisation (fractions) where it does no floating-point work. */
export function orionKind({ flopPerByte, processorShare, memoryShare }: { flopPerByte?: number; processorShare: number; memoryShare: number }): OrionKind {
  if (flopPerByte !== undefined) return flopPerByte > RIDGE ? 'compute' : 'memory';
  return processorShare >= BUSY ? 'compute' : memoryShare >= BUSY ? 'memory' : 'unknown';
}

/** The best-effort side of Orion's scheduler: what was let in, and how much of it may still be under way. */
export class OrionGate {
  private readonly limits: OrionLimits;
  private sumMs = 0;
  private closed = false;

  constructor(limits: OrionLimits) {
    this.limits = limits;
  }

  /**
   * Whether an operation may start now; if so it is counted.
   *
   * @param beside the high-priority operation under way, undefined if its client has nothing outstanding
   * @param filled multiprocessors filled by best-effort operations in this pass
   */
  admits(operation: OrionOperation, beside: OrionOperation | undefined, filled: number): boolean {
    if (this.closed) return false;
    if (beside !== undefined) {
      const fits = filled + operation.processors <= this.limits.processors;
      const differ = operation.kind !== beside.kind || operation.kind === 'unknown';
      if (!fits || !differ) return false;
    }
    this.sumMs += operation.durationMs;
    if (this.sumMs > this.limits.durationMs) this.closed = true;
    return true;
  }

  /** All best-effort work that was let in has completed. */
  completed(): void {
    this.sumMs = 0;
    this.closed = false;
  }
}

/** Multiprocessors that best effort may fill beside high-priority *training*: a binary search, a step every ten of its iterations. */
export class OrionWidth {
  /** The present limit. */
  processors: number;
  private low = 0;
  private high: number;
  private readonly targetMs: number;

  /** @param widest multiprocessors of the best-effort client's largest operation @param targetMs longest time of a high-priority iteration */
  constructor(widest: number, targetMs: number) {
    this.high = widest;
    this.targetMs = targetMs;
    this.processors = Math.floor(widest / 2);
  }

  /** @param iterationMs mean of the last ten iterations */
  measured(iterationMs: number): void {
    if (iterationMs > this.targetMs) this.high = this.processors;
    else this.low = this.processors;
    this.processors = Math.floor((this.low + this.high) / 2);
  }
}
