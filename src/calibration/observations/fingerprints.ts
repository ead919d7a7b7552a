const START_SLOTS = 1 << 12;
const MOST_SLOTS = 1 << 25;

/** A set of 62-bit fingerprints of rows: 8 bytes a slot, so that ten million rows take 134 MB. Two different rows look the same once in 10^5 files of that size. */
export class Fingerprints {
  private low = new Uint32Array(START_SLOTS);
  private high = new Uint32Array(START_SLOTS);
  private size = 0;
  /** Set when there were too many rows to remember; later ones are taken for new. */
  full = false;

  /** Remembers bytes. @returns whether they were there before */
  seen(bytes: Uint8Array, from: number, to: number): boolean {
    // Two FNV-1a hashes with different offsets and primes; 0 stands for an empty slot.
    let [a, b] = [0x811c9dc5, 0x6b43a9b5];
    for (let i = from; i < to; i++) {
      a = Math.imul(a ^ bytes[i], 0x01000193);
      b = Math.imul(b ^ bytes[i], 0x85ebca6b);
      b ^= b >>> 15;
    }
    return this.add((a ^ (b >>> 13)) >>> 0, (b | 1) >>> 0);
  }

  private add(low: number, high: number): boolean {
    const mask = this.low.length - 1;
    let at = (low ^ Math.imul(high, 0x9e3779b1)) & mask;
    while (this.high[at] !== 0) {
      if (this.low[at] === low && this.high[at] === high) return true;
      at = (at + 1) & mask;
    }
    if (this.full) return false;
    this.low[at] = low;
    this.high[at] = high;
    if (++this.size > 0.7 * this.low.length) this.grow();
    return false;
  }

  private grow(): void {
    if (this.low.length >= MOST_SLOTS) {
      this.full = true;
      return;
    }
    const { low, high } = this;
    this.low = new Uint32Array(2 * low.length);
    this.high = new Uint32Array(2 * low.length);
    const mask = this.low.length - 1;
    for (let i = 0; i < low.length; i++) {
      if (high[i] === 0) continue;
      let at = (low[i] ^ Math.imul(high[i], 0x9e3779b1)) & mask;
      while (this.high[at] !== 0) at = (at + 1) & mask;
      this.low[at] = low[i];
      this.high[at] = high[i];
    }
  }
}
