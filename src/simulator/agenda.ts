/**
 * Which of a fixed set of slots is due next: an indexed binary heap with one time per slot. At equal times the lower
 * slot comes first, so that the order of events never depends on the order in which they were entered.
 */
export class Agenda {
  private readonly timeMs: Float64Array;
  private readonly heap: Int32Array;
  private readonly position: Int32Array;

  constructor(slots: number) {
    this.timeMs = new Float64Array(slots).fill(Infinity);
    this.heap = Int32Array.from({ length: slots }, (_, i) => i);
    this.position = Int32Array.from(this.heap);
  }

  /** The slot that is due first. */
  get first(): number {
    return this.heap[0];
  }

  /** When the first slot is due; Infinity if none is. */
  get firstMs(): number {
    return this.timeMs[this.heap[0]];
  }

  at(slot: number): number {
    return this.timeMs[slot];
  }

  set(slot: number, timeMs: number): void {
    const before = this.timeMs[slot];
    if (timeMs === before) return;
    this.timeMs[slot] = timeMs;
    if (timeMs < before) this.rise(slot, timeMs);
    else this.sink(slot, timeMs);
  }

  private rise(slot: number, timeMs: number): void {
    const { heap, position, timeMs: times } = this;
    let i = position[slot];
    while (i > 0) {
      const up = (i - 1) >> 1;
      const other = heap[up];
      const otherMs = times[other];
      if (otherMs < timeMs || (otherMs === timeMs && other < slot)) break;
      heap[i] = other;
      position[other] = i;
      i = up;
    }
    heap[i] = slot;
    position[slot] = i;
  }

  private sink(slot: number, timeMs: number): void {
    const { heap, position, timeMs: times } = this;
    const size = heap.length;
    let i = position[slot];
    for (;;) {
      let down = 2 * i + 1;
      if (down >= size) break;
      let other = heap[down];
      let otherMs = times[other];
      if (down + 1 < size) {
        const right = heap[down + 1];
        const rightMs = times[right];
        if (rightMs < otherMs || (rightMs === otherMs && right < other)) {
          down++;
          other = right;
          otherMs = rightMs;
        }
      }
      if (timeMs < otherMs || (timeMs === otherMs && slot < other)) break;
      heap[i] = other;
      position[other] = i;
      i = down;
    }
    heap[i] = slot;
    position[slot] = i;
  }
}
