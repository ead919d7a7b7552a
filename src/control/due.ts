/** Things that are due at some time, earliest first, ties by the order of entry: a binary heap of (time, subject). */
export class Due {
  private timeMs: Float64Array = new Float64Array(16);
  private entry: Float64Array = new Float64Array(16);
  private subject: Int32Array = new Int32Array(16);
  private entries = 0;
  length = 0;

  get firstMs(): number {
    return this.length === 0 ? Infinity : this.timeMs[0];
  }

  get first(): number {
    return this.subject[0];
  }

  add(timeMs: number, subject: number): void {
    if (this.length === this.timeMs.length) this.grow();
    let i = this.length++;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (this.timeMs[up] <= timeMs) break;
      this.move(up, i);
      i = up;
    }
    this.timeMs[i] = timeMs;
    this.entry[i] = this.entries++;
    this.subject[i] = subject;
  }

  /** Removes the first and returns its subject. */
  shift(): number {
    const subject = this.subject[0];
    const last = --this.length;
    const timeMs = this.timeMs[last];
    const entry = this.entry[last];
    let i = 0;
    for (;;) {
      let down = 2 * i + 1;
      if (down >= last) break;
      if (down + 1 < last && this.precedes(down + 1, this.timeMs[down], this.entry[down])) down++;
      if (!this.precedes(down, timeMs, entry)) break;
      this.move(down, i);
      i = down;
    }
    this.timeMs[i] = timeMs;
    this.entry[i] = entry;
    this.subject[i] = this.subject[last];
    return subject;
  }

  /** Removes one subject, wherever it stands. */
  remove(subject: number): void {
    this.removeIf((each) => each === subject);
  }

  /** Removes the subjects of which this is true, wherever they stand. */
  removeIf(isMeant: (subject: number) => boolean): void {
    const kept: [number, number][] = [];
    while (this.length > 0) {
      const timeMs = this.firstMs;
      const each = this.shift();
      if (!isMeant(each)) kept.push([timeMs, each]);
    }
    for (const [timeMs, each] of kept) this.add(timeMs, each);
  }

  private precedes(i: number, timeMs: number, entry: number): boolean {
    return this.timeMs[i] < timeMs || (this.timeMs[i] === timeMs && this.entry[i] < entry);
  }

  private move(from: number, to: number): void {
    this.timeMs[to] = this.timeMs[from];
    this.entry[to] = this.entry[from];
    this.subject[to] = this.subject[from];
  }

  private grow(): void {
    const size = this.timeMs.length * 2;
    const { timeMs, entry, subject } = this;
    this.timeMs = new Float64Array(size);
    this.timeMs.set(timeMs);
    this.entry = new Float64Array(size);
    this.entry.set(entry);
    this.subject = new Int32Array(size);
    this.subject.set(subject);
  }
}
