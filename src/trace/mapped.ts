import type { Arrivals } from './arrivals.js';

const BLOCK = 4096;

/** One request after the other of a stream, waiting only when a file has to be waited for. */
export class Requests {
  timeMs = 0;
  sloMs = NaN;
  readonly hasSlo: boolean;
  private readonly arrivals: Arrivals;
  private readonly times = new Float64Array(BLOCK);
  private readonly slos = new Float64Array(BLOCK).fill(NaN);
  private length = 0;
  private position = 0;

  constructor(arrivals: Arrivals) {
    this.arrivals = arrivals;
    this.hasSlo = arrivals.hasSlo;
  }

  /** Goes to the next request. @returns false at the end; a promise where the file has to be read on */
  next(): boolean | Promise<boolean> {
    if (this.position < this.length) return this.step();
    const read = this.arrivals.read(this.times, this.slos);
    return typeof read === 'number' ? this.filled(read) : read.then((count) => this.filled(count));
  }

  close(): void | Promise<void> {
    return this.arrivals.close();
  }

  private filled(count: number): boolean {
    this.length = count;
    this.position = 0;
    return count > 0 && this.step();
  }

  private step(): boolean {
    this.timeMs = this.times[this.position];
    this.sloMs = this.slos[this.position++];
    return true;
  }
}

/**
 * A stream that is made request by request from another one.
 *
 * @param each is shown every request in order, then undefined once; it gives what comes of it through `give`, whose times must not
 *   go back; false ends the stream early
 */
export function mapped(from: Arrivals, each: (request: Requests | undefined, give: (timeMs: number, sloMs: number) => void) => boolean | void): Arrivals {
  const requests = new Requests(from);
  let waiting: { timeMs: number; sloMs: number }[] = [];
  let given = 0;
  let isOver = false;
  const give = (timeMs: number, sloMs: number): void => void waiting.push({ timeMs, sloMs });

  /** Hands out what waits. @returns how many fit */
  function handOut(timeMs: Float64Array, sloMs: Float64Array, filled: number): number {
    while (given < waiting.length && filled < timeMs.length) {
      timeMs[filled] = waiting[given].timeMs;
      if (from.hasSlo) sloMs[filled] = waiting[given].sloMs;
      given++;
      filled++;
    }
    if (given === waiting.length) {
      waiting = [];
      given = 0;
    }
    return filled;
  }

  function show(hasNext: boolean): void {
    if (each(hasNext ? requests : undefined, give) === false || !hasNext) isOver = true;
  }

  function read(timeMs: Float64Array, sloMs: Float64Array, already: number): number | Promise<number> {
    let filled = handOut(timeMs, sloMs, already);
    while (filled < timeMs.length && !isOver) {
      const next = requests.next();
      if (typeof next !== 'boolean') {
        const before = filled;
        return next.then((hasNext) => {
          show(hasNext);
          return read(timeMs, sloMs, before);
        });
      }
      show(next);
      filled = handOut(timeMs, sloMs, filled);
    }
    return handOut(timeMs, sloMs, filled);
  }

  return { hasSlo: from.hasSlo, read: (timeMs, sloMs) => read(timeMs, sloMs, 0), close: () => requests.close() };
}
