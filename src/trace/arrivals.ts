/** Request birth times held in memory. */
export interface ArrivalBlock {
  /** Birth times in ms since the run began, never decreasing. */
  readonly timeMs: Float64Array;
  /** The SLO of each request in ms from its birth, NaN where the trace has none for it; undefined if it has none at all. */
  readonly sloMs: Float64Array | undefined;
}

/** A stream of request birth times, read in blocks, so that generators and files look alike. */
export interface Arrivals {
  /** Whether requests can bring an SLO of their own. If false, `read` leaves `sloMs` alone. */
  readonly hasSlo: boolean;
  /**
   * Fills the arrays from the front with the next requests.
   *
   * @param timeMs birth times in ms since the run began, never decreasing, also from one block to the next
   * @param sloMs SLO of each in ms from its birth, NaN where there is none; as long as `timeMs`; untouched unless `hasSlo`
   * @returns how many, which may be fewer than fit; 0 only when the stream has ended. A promise only if it must wait for a file
   * @throws {InputError} (or rejects) if the file is wrong
   */
  read(timeMs: Float64Array, sloMs: Float64Array): number | Promise<number>;
  /** Gives back what the stream holds open. It may be called early, late, and more than once. */
  close(): void | Promise<void>;
}

/** Arrivals that never have to be waited for: generators, and traces held in memory. */
export interface SyncArrivals extends Arrivals {
  read(timeMs: Float64Array, sloMs: Float64Array): number;
  close(): void;
}

/** A fresh stream over requests held in memory. Nothing is copied until it is read. */
export function arrivalsOf({ timeMs: births, sloMs: slos }: ArrivalBlock): SyncArrivals {
  let next = 0;
  return {
    hasSlo: slos !== undefined,
    read(timeMs, sloMs) {
      const end = Math.min(births.length, next + timeMs.length);
      timeMs.set(births.subarray(next, end));
      if (slos !== undefined) sloMs.set(slos.subarray(next, end));
      const count = end - next;
      next = end;
      return count;
    },
    close() {},
  };
}
