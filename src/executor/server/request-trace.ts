import { writeTrace, type TraceRow } from '../../trace/write.js';

/**
 * Writes the requests that reach a server as a trace, `corun/requests@1`, while they come: when each came, for which app, with which
 * SLO. The file appears under its name when it is closed; until then it is called `….partial`. A disk that is too slow makes rows wait
 * in memory, never requests.
 */
export class RequestTrace {
  /** Rows that were taken over, and perhaps not written yet. */
  rows = 0;
  private readonly written: Promise<number>;
  private waiting: TraceRow[] = [];
  private wake: (() => void) | undefined;
  private isClosed = false;
  private failure: Error | undefined;

  private constructor(path: string, onReading: () => void, onFailure: (error: Error) => void) {
    this.written = writeTrace(path, this.all(onReading), { columns: ['time_ms', 'app', 'slo_ms'] });
    this.written.catch((error: Error) => {
      this.failure = error;
      this.waiting = [];
      if (this.rows > 0) onFailure(error);
    });
  }

  /**
   * @param path of the trace; compressed if it ends in `.gz`
   * @param onFailure is called once if it cannot be written any more; requests go on
   * @throws InputError if the file cannot be written
   */
  static async open(path: string, onFailure: (error: Error) => void): Promise<RequestTrace> {
    let trace!: RequestTrace;
    await new Promise<void>((reading, failed) => {
      trace = new RequestTrace(path, reading, onFailure);
      trace.written.catch(failed);
    });
    return trace;
  }

  /**
   * Takes over one request.
   *
   * @param timeMs since the server's clock began, never before the last one
   * @param sloMs Infinity without one
   */
  add(app: string, timeMs: number, sloMs: number): void {
    if (this.isClosed || this.failure !== undefined) return;
    this.rows++;
    this.waiting.push({ timeMs, app, ...(sloMs < Infinity && { sloMs }) });
    this.wake?.();
  }

  /** Writes what waits. @returns the rows in the file; with 0 there is no file @throws if it could not be written */
  async close(): Promise<number> {
    this.isClosed = true;
    this.wake?.();
    if (this.rows > 0) return this.written;
    // A trace without rows is none, and is refused.
    await this.written.catch(() => 0);
    return 0;
  }

  private async *all(onReading: () => void): AsyncGenerator<TraceRow> {
    onReading();
    for (;;) {
      const rows = this.waiting;
      this.waiting = [];
      yield* rows;
      if (this.waiting.length > 0) continue;
      if (this.isClosed) return;
      await new Promise<void>((wake) => (this.wake = wake));
    }
  }
}
