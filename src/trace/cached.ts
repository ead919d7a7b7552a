import { arrivalsOf, type ArrivalBlock, type Arrivals, type SyncArrivals } from './arrivals.js';

/** Rows that are kept in memory by default: 64 MB with SLOs, 32 MB without. */
const defaultMaxRows = 4_000_000;

/**
 * Wraps the opening of a trace that is replayed again and again. The first call reads it; up to `maxRows` rows are kept, and
 * from then on every stream is made from memory and never waits. A longer trace is opened anew, and streamed, every time.
 *
 * @param open opens the trace from its beginning
 * @returns a function that gives a fresh stream per call; calls at the same time read the trace once
 */
export function cachedArrivals(
  open: () => Arrivals | Promise<Arrivals>,
  maxRows: number = defaultMaxRows,
): () => Arrivals | Promise<Arrivals> {
  let first: Promise<ArrivalBlock | undefined> | undefined;
  let kept: ArrivalBlock | undefined;
  let known = false;
  return () => {
    if (kept !== undefined) return arrivalsOf(kept);
    if (known) return open();
    first ??= keep(open, maxRows);
    return first.then((block): SyncArrivals | Arrivals | Promise<Arrivals> => {
      kept = block;
      known = true;
      return block === undefined ? open() : arrivalsOf(block);
    });
  };
}

/** All rows, or undefined if there are more than `maxRows`. */
async function keep(open: () => Arrivals | Promise<Arrivals>, maxRows: number): Promise<ArrivalBlock | undefined> {
  const arrivals = await open();
  try {
    let timeMs = new Float64Array(Math.min(maxRows + 1, 4096));
    let sloMs = new Float64Array(arrivals.hasSlo ? timeMs.length : 0);
    let rows = 0;
    for (;;) {
      const count = await arrivals.read(timeMs.subarray(rows), sloMs.subarray(rows));
      rows += count;
      if (rows > maxRows) return undefined;
      if (count === 0) return { timeMs: timeMs.slice(0, rows), sloMs: arrivals.hasSlo ? sloMs.slice(0, rows) : undefined };
      if (rows === timeMs.length) {
        const size = Math.min(maxRows + 1, 2 * rows);
        timeMs = grown(timeMs, size);
        if (arrivals.hasSlo) sloMs = grown(sloMs, size);
      }
    }
  } finally {
    await arrivals.close();
  }
}

function grown(values: Float64Array<ArrayBuffer>, size: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(size);
  larger.set(values);
  return larger;
}
