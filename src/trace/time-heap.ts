/** Times, smallest first: a binary heap. */
export class TimeHeap {
  length = 0;
  private times = new Float64Array(1024);

  get first(): number {
    return this.times[0];
  }

  add(time: number): void {
    if (this.length === this.times.length) {
      const { times } = this;
      this.times = new Float64Array(2 * times.length);
      this.times.set(times);
    }
    let i = this.length++;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (this.times[up] <= time) break;
      this.times[i] = this.times[up];
      i = up;
    }
    this.times[i] = time;
  }

  shift(): number {
    const { times } = this;
    const first = times[0];
    const time = times[--this.length];
    let i = 0;
    for (;;) {
      let down = 2 * i + 1;
      if (down >= this.length) break;
      if (down + 1 < this.length && times[down + 1] < times[down]) down++;
      if (times[down] >= time) break;
      times[i] = times[down];
      i = down;
    }
    times[i] = time;
    return first;
  }
}
