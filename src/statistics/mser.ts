import type { Values } from './summary.js';

/**
 * Warm-up detection with MSER: the cut that makes the standard error of what remains smallest, so that d minimises
 * Σ_{i ≥ d} (y_i − mean)² / (n − d)². Fed with means of batches of five this is MSER-5. O(n).
 *
 * A cut at the limit, half of the series, means that no steady part was seen: the run is too short, or not stationary.
 *
 * Source: K. P. White, An effective truncation heuristic for bias reduction in simulation output, Simulation 69(6), 1997.
 *
 * @param batchMeans means of consecutive batches of equal size, in time order; see `BatchedSeries`
 * @returns the index of the first batch to keep, from 0 to half of the length; of equally good cuts the earliest
 */
export function mserCut(batchMeans: Values): number {
  const n = batchMeans.length;
  const latest = Math.floor(n / 2);
  let cut = 0;
  let smallest = Infinity;
  let mean = 0;
  let squares = 0;
  // Backwards with Welford's update: the remainder grows by one batch at its front.
  for (let d = n - 1; d >= 0; d--) {
    const kept = n - d;
    const delta = batchMeans[d] - mean;
    mean += delta / kept;
    squares += delta * (batchMeans[d] - mean);
    if (d <= latest && squares / (kept * kept) <= smallest) {
      smallest = squares / (kept * kept);
      cut = d;
    }
  }
  return cut;
}

/**
 * Means of consecutive batches of a stream of any length, in bounded memory: when the batches are full, neighbours are
 * merged and the batch size doubles. Values of the last, incomplete batch are left out of `means`.
 */
export class BatchedSeries {
  #batchSize: number;
  readonly #sums: Float64Array;
  #complete = 0;
  #sum = 0;
  #inBatch = 0;

  /**
   * @param maxBatches how many batch means are kept at most; even
   * @param batchSize values per batch to begin with; five for MSER-5
   * @throws RangeError if maxBatches is not a positive even number, or batchSize not a positive whole number
   */
  constructor(maxBatches = 8192, batchSize = 5) {
    if (!(Number.isInteger(maxBatches / 2) && maxBatches > 0)) throw new RangeError(`maxBatches is a positive even number, not ${maxBatches}`);
    if (!(Number.isInteger(batchSize) && batchSize > 0)) throw new RangeError(`batchSize is a positive whole number, not ${batchSize}`);
    this.#sums = new Float64Array(maxBatches);
    this.#batchSize = batchSize;
  }

  add(value: number): void {
    this.#sum += value;
    if (++this.#inBatch === this.#batchSize) this.#close();
  }

  #close(): void {
    const sums = this.#sums;
    sums[this.#complete++] = this.#sum;
    this.#sum = 0;
    this.#inBatch = 0;
    if (this.#complete < sums.length) return;
    this.#complete /= 2;
    this.#batchSize *= 2;
    for (let i = 0; i < this.#complete; i++) sums[i] = sums[2 * i] + sums[2 * i + 1];
  }

  /** Values per batch at present: the initial size times a power of two. */
  get batchSize(): number {
    return this.#batchSize;
  }

  /** Means of the complete batches, in order. A cut at batch d of them leaves out the first d · `batchSize` values. */
  means(): Float64Array {
    return this.#sums.subarray(0, this.#complete).map((sum) => sum / this.#batchSize);
  }
}
