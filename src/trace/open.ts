import { InputError } from '../input/error.js';
import type { Arrivals } from './arrivals.js';
import { fileBytes, type FileBytes } from './file-bytes.js';
import { requestCsvParser, type RowFilter } from './request-csv.js';

/** Reads one format from pieces of any size. It never waits, so it knows nothing of files. */
export interface TraceParser {
  /** Hands over the next piece. The bytes are copied, so the caller may reuse them. */
  push(bytes: Uint8Array): void;
  /** Says that no piece follows. The last line needs no line break. */
  end(): void;
  /**
   * Fills the arrays from the front with wanted rows.
   *
   * @param sloMs is filled with NaN where a row has no SLO, and left alone if the file has none
   * @returns how many; fewer than fit means that it needs another piece or, after `end`, that there are no more
   * @throws {InputError} at the first mistake, naming line and column; the parser must not be used after that
   */
  rows(timeMs: Float64Array, sloMs: Float64Array): number;
  /** Whether rows may bring an SLO; undefined before the header was seen. */
  hasSlo(): boolean | undefined;
  /** The line that comes next, from 1. */
  line(): number;
}

/**
 * Opens a request trace in the project's own format, `corun/requests@1`: CSV, plain or gzip, of any size.
 *
 * @param path as the user wrote it; messages use it
 * @param filter which app's rows are wanted, if the file has a column `app`
 * @returns its requests; mistakes in later rows are thrown by `read`, and so is a filter that fits no row
 * @throws {InputError} naming file, line and column
 */
export function openTrace(path: string, filter: RowFilter = {}): Promise<Arrivals> {
  return openWith(path, requestCsvParser(path, filter));
}

/** Opens a file of any size, plain or gzip, that this parser reads. As `openTrace`. */
export async function openWith(path: string, parser: TraceParser): Promise<Arrivals> {
  const bytes = await fileBytes(path);
  let ended = false;

  /** Feeds the parser until it has rows for us, or there are no more. */
  async function wait(timeMs: Float64Array, sloMs: Float64Array): Promise<number> {
    try {
      while (!ended) {
        const piece = await nextPiece(path, bytes, parser);
        if (piece !== undefined) parser.push(piece);
        else {
          ended = true;
          parser.end();
          await bytes.close();
        }
        const count = parser.rows(timeMs, sloMs);
        // The header is all that opening itself waits for: no row fits into its arrays.
        if (count > 0 || (timeMs.length === 0 && parser.hasSlo() !== undefined)) return count;
      }
      return 0;
    } catch (error) {
      await bytes.close();
      throw error;
    }
  }

  await wait(new Float64Array(0), new Float64Array(0));
  return {
    hasSlo: parser.hasSlo()!,
    read(timeMs, sloMs) {
      const count = parser.rows(timeMs, sloMs);
      return count > 0 || ended ? count : wait(timeMs, sloMs);
    },
    close: () => bytes.close(),
  };
}

async function nextPiece(path: string, bytes: FileBytes, parser: TraceParser): Promise<Uint8Array | undefined> {
  try {
    return await bytes.next();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') {
      throw new InputError(`${path}:${parser.line()}:1: the gzip data end here, in the middle; the file was cut off: copy or pack it again`);
    }
    if (code?.startsWith('Z_')) throw new InputError(`${path}:${parser.line()}:1: the gzip data are damaged from here on (${message}): copy or pack it again`);
    throw error;
  }
}
