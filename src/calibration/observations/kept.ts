/** A pool of kept values that all processes of a file share, so that its memory has a limit. */
export interface Budget {
  /** Values kept now, and at most. */
  used: number;
  most: number;
}

const START = 16;

/**
 * Every 2^k-th value of a stream, in order; k grows when there are too many. A process whose durations repeat with a period of a
 * power of two would be seen at one phase of it only; everything else is seen evenly, over the whole time.
 */
export class KeptValues {
  private values = new Float64Array(START);
  private length = 0;
  private every = 1;
  private readonly budget: Budget;
  private readonly limit: number;
  seen = 0;

  constructor(budget: Budget, limit: number) {
    this.budget = budget;
    this.limit = limit;
  }

  add(value: number): void {
    if (this.seen++ % this.every !== 0) return;
    if (this.length === this.limit || (this.length >= START && this.budget.used >= this.budget.most)) {
      this.halve();
      if ((this.seen - 1) % this.every !== 0) return;
    }
    if (this.length === this.values.length) {
      const grown = new Float64Array(Math.min(this.limit, 2 * this.length));
      grown.set(this.values);
      this.values = grown;
    }
    this.values[this.length++] = value;
    this.budget.used++;
  }

  /** Whether nothing was left out. */
  get isWhole(): boolean {
    return this.every === 1;
  }

  private halve(): void {
    const half = Math.ceil(this.length / 2);
    for (let i = 0; i < half; i++) this.values[i] = this.values[2 * i];
    this.budget.used -= this.length - half;
    this.length = half;
    this.every *= 2;
  }

  /** A copy. */
  kept(): Float64Array {
    return this.values.slice(0, this.length);
  }
}
