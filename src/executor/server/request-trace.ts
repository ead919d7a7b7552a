import { closeSync, openSync, writeSync } from 'node:fs';
import { InputError } from '../../input/error.js';
import { appCell } from '../../trace/write.js';

/** Rows wait for no longer than this, so that a crash costs no more. */
const FLUSH_EVERY_MS = 1000;
const LONGEST_CHARS = 1 << 16;

/**
 * Records requests while they come in, as a trace that `corun compare` replays: `time_ms,app,slo_ms`, time since the server began.
 * Unlike a trace that is converted, it appears at once and grows, since a server may end at any time.
 */
export class RequestTrace {
  private readonly path: string;
  private readonly file: number;
  private readonly timer: NodeJS.Timeout;
  private rows = 'time_ms,app,slo_ms\n';
  /** Why nothing is recorded any more. */
  private failed: string | undefined;
  private readonly onFailed: (why: string) => void;

  /**
   * @param onFailed is called once if the disk does not take it any more; serving goes on
   * @throws InputError if the file cannot be written
   */
  constructor(path: string, onFailed: (why: string) => void) {
    this.path = path;
    this.onFailed = onFailed;
    try {
      this.file = openSync(path, 'w');
    } catch (error) {
      throw new InputError(`${path}: requests cannot be recorded there: ${(error as Error).message}`);
    }
    this.timer = setInterval(() => this.flush(), FLUSH_EVERY_MS);
    this.timer.unref();
  }

  /** @param sloMs Infinity for a request without a deadline */
  add(timeMs: number, app: string, sloMs: number): void {
    this.rows += `${timeMs},${appCell(app)},${sloMs === Infinity ? '' : sloMs}\n`;
    if (this.rows.length >= LONGEST_CHARS) this.flush();
  }

  close(): void {
    clearInterval(this.timer);
    this.flush();
    closeSync(this.file);
  }

  private flush(): void {
    const { rows } = this;
    this.rows = '';
    if (rows === '' || this.failed !== undefined) return;
    try {
      writeSync(this.file, rows);
    } catch (error) {
      this.failed = `${this.path}: requests are not recorded any more: ${(error as Error).message}`;
      this.onFailed(this.failed);
    }
  }
}
