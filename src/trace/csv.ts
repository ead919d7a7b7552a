import { InputError } from '../input/error.js';
import type { Arrivals } from './arrivals.js';
import { fileBytes, type FileBytes } from './file-bytes.js';
import { requestCsvParser, type RequestCsvParser, type RowFilter } from './request-csv.js';

/**
 * Opens a request trace in the project's own format, `corun/requests@1`: CSV, plain or gzip, of any size.
 *
 * @param path as the user wrote it; messages use it
 * @param filter which app's rows are wanted, if the file has a column `app`
 * @returns its requests; mistakes in later rows are thrown by `read`, and so is a filter that fits no row
 * @throws {InputError} naming file, line and column
 */
export async function openTrace(path: string, filter: RowFilter = {}): Promise<Arrivals> {
  const parser = requestCsvParser(path, filter);
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
        // The header is all that `openTrace` itself waits for: no row fits into its arrays.
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

async function nextPiece(path: string, bytes: FileBytes, parser: RequestCsvParser): Promise<Uint8Array | undefined> {
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
