const SUB_BIN_BITS = 7;
const SUB_BINS = 1 << SUB_BIN_BITS;
const LOWEST_OCTAVE = -10;
const HIGHEST_OCTAVE = 30;
/** Bits of a float64's high word below the exponent and the top mantissa bits that make a bin. */
const SHIFT = 20 - SUB_BIN_BITS;
/** What the shifted high word of 2 ** LOWEST_OCTAVE is, minus one, so that the first regular bin is 1. */
const BASE = ((1023 + LOWEST_OCTAVE) << SUB_BIN_BITS) - 1;
const OVERFLOW = (HIGHEST_OCTAVE - LOWEST_OCTAVE) * SUB_BINS + 1;
const BINS = OVERFLOW + 1;

const float = new Float64Array(1);
const word = new Uint32Array(float.buffer);
float[0] = 1;
const HIGH = word[1] === 0 ? 0 : 1;

/** Lower edge of a regular bin (1 … OVERFLOW), in ms. */
function lowerEdgeMs(bin: number): number {
  word[HIGH] = (bin + BASE) << SHIFT;
  word[1 - HIGH] = 0;
  return float[0];
}

/**
 * A histogram of latencies with 128 bins per octave from 2^-10 ms (about 1 µs) to 2^30 ms (12 days), and one bin each for
 * what is below (0 included) and above. It is 41 kB, whatever it has seen.
 *
 * Counts are whole numbers, so merging has no order: any split of the samples over threads gives the same histogram.
 * They are kept as float64, exact up to 2^53 per bin; a uint32 would wrap after 4.3e9 samples, which a hundred replications
 * of a 100-million-request trace exceed.
 */
export class LatencyHistogram {
  /** Samples per bin; the raw state. Post it to another thread (or transfer its buffer, which empties this one) and wrap it again. */
  readonly counts: Float64Array<ArrayBuffer>;

  /**
   * @param counts the state of another histogram, which this one takes over without a copy; empty if left out
   * @throws RangeError if it has not as many bins as this version's histograms
   */
  constructor(counts: Float64Array<ArrayBuffer> = new Float64Array(BINS)) {
    if (counts.length !== BINS) throw new RangeError(`a latency histogram has ${BINS} bins, not ${counts.length}`);
    this.counts = counts;
  }

  /**
   * Counts one latency in ms.
   *
   * @throws RangeError if it is negative or NaN. This is only looked at for values outside the regular bins, so it costs nothing.
   */
  add(valueMs: number): void {
    float[0] = valueMs;
    // The sign stays in front: a negative number lands below the first bin, not above the last.
    let bin = ((word[HIGH] | 0) >> SHIFT) - BASE;
    if (bin < 1) {
      if (valueMs < 0) throw new RangeError(`a latency cannot be negative: ${valueMs} ms`);
      bin = 0;
    } else if (bin >= OVERFLOW) {
      if (valueMs !== valueMs) throw new RangeError('a latency cannot be NaN');
      bin = OVERFLOW;
    }
    this.counts[bin]++;
  }

  /** Adds the samples of another histogram to this one. */
  merge(other: LatencyHistogram): void {
    for (let bin = 0; bin < BINS; bin++) this.counts[bin] += other.counts[bin];
  }

  /** Number of samples; a sum over the bins, so not for a loop. */
  get total(): number {
    let total = 0;
    for (let bin = 0; bin < BINS; bin++) total += this.counts[bin];
    return total;
  }

  /**
   * The p-quantile in ms: the nearest rank ⌈p·n⌉, placed in its bin as if the bin's samples were spread evenly.
   *
   * It shares the bin with the true order statistic, so it is off by less than 1/128 (0.78 %) of it; below 2^-10 ms it is 0,
   * off by less than 2^-10 ms, and above 2^30 ms it is 2^30 ms, a lower bound. NaN if there are no samples.
   *
   * @param p a probability in [0, 1]
   * @throws RangeError if p is outside [0, 1]
   */
  quantile(p: number): number {
    if (!(p >= 0 && p <= 1)) throw new RangeError(`a probability is between 0 and 1, not ${p}`);
    const total = this.total;
    if (total === 0) return NaN;
    // 0.07 · 100 is 7.000000000000001 in floating point; its rank is 7.
    const rank = Math.max(1, Math.ceil(p * total * (1 - 4 * Number.EPSILON)));
    let before = 0;
    let bin = 0;
    while (before + this.counts[bin] < rank) before += this.counts[bin++];
    if (bin === 0) return 0;
    const lower = lowerEdgeMs(bin);
    if (bin === OVERFLOW) return lower;
    return lower + (lowerEdgeMs(bin + 1) - lower) * ((rank - before - 0.5) / this.counts[bin]);
  }

  /** The bins that hold something, in ascending order. `upperMs` is exclusive; it is Infinity for what exceeded 2^30 ms. */
  entries(): { upperMs: number; count: number }[] {
    const entries = [];
    for (let bin = 0; bin < BINS; bin++) {
      const count = this.counts[bin];
      if (count > 0) entries.push({ upperMs: bin === OVERFLOW ? Infinity : lowerEdgeMs(bin + 1), count });
    }
    return entries;
  }
}
