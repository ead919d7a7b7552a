import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { InputError } from '../input/error.js';
import { requestColumns, type RequestColumn } from './request-csv.js';

/** One request of a trace. */
export interface TraceRow {
  /** Birth in ms since the run began: finite, ≥ 0, never before the row above. */
  timeMs: number;
  app?: string;
  /** SLO in ms from birth, above 0; absent or NaN where the request has none of its own. */
  sloMs?: number;
}

export interface WriteTraceOptions {
  /** Columns in the order of the file, `time_ms` among them. Default: `time_ms` alone. */
  columns?: readonly RequestColumn[];
  /** Default: whether the path ends in `.gz`. */
  gzip?: boolean;
}

const pieceChars = 1 << 16;

/**
 * Writes a request trace as `corun/requests@1`. What it wrote is read back to the same numbers, bit by bit (−0 becomes 0).
 * The file appears under its name only when it is complete. Memory does not grow with the rows.
 *
 * @returns the number of rows
 * @throws {InputError} for a row that the format cannot hold, naming the row from 1; the file is then not written
 */
export async function writeTrace(
  path: string,
  rows: AsyncIterable<TraceRow> | Iterable<TraceRow>,
  { columns = ['time_ms'], gzip = path.endsWith('.gz') }: WriteTraceOptions = {},
): Promise<number> {
  checkColumns(path, columns);
  let count = 0;
  async function* pieces(): AsyncGenerator<string> {
    const cellsOfApps = new Map<string, string>();
    let piece = `${columns.join(',')}\n`;
    let previousMs = 0;
    for await (const row of rows) {
      count++;
      const wrong = fault(row, previousMs, columns) ?? appFault(row.app, cellsOfApps);
      if (wrong !== undefined) throw new InputError(`${path}: row ${count}: ${wrong}`);
      previousMs = row.timeMs;
      for (let c = 0; c < columns.length; c++) piece += (c > 0 ? ',' : '') + cell(row, columns[c], cellsOfApps);
      piece += '\n';
      if (piece.length >= pieceChars) {
        yield piece;
        piece = '';
      }
    }
    if (count === 0) throw new InputError(`${path}: there are no rows to write; a trace needs at least one request`);
    yield piece;
  }
  const partial = `${path}.partial`;
  try {
    const source = Readable.from(pieces(), { objectMode: true, highWaterMark: 1 });
    // Opened here, not when the stream gets to it: after a fault in the first row it would appear when it has been removed already.
    const file = (await open(partial, 'w')).createWriteStream();
    await (gzip ? pipeline(source, createGzip(), file) : pipeline(source, file));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    const { code, path: missing } = error as NodeJS.ErrnoException;
    if (code === 'EISDIR' || code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOSPC')
      throw new InputError(`${path}: cannot be written: ${code === 'EISDIR' ? 'there is a folder with that name; name a file' : (error as Error).message}`);
    if (code === 'ENOENT' && missing === partial) throw new InputError(`${path}: its folder does not exist; make it first`);
    throw error;
  }
  return count;
}

function checkColumns(path: string, columns: readonly RequestColumn[]): void {
  const allowed = requestColumns.join(', ');
  for (const column of columns) {
    if (!requestColumns.includes(column)) throw new InputError(`${path}: unknown column ${JSON.stringify(column)}; columns are ${allowed}`);
  }
  if (new Set(columns).size < columns.length) throw new InputError(`${path}: a column is there twice in ${columns.join(', ')}`);
  if (!columns.includes('time_ms')) throw new InputError(`${path}: the column time_ms is missing from ${columns.join(', ')}`);
}

function fault({ timeMs, app, sloMs }: TraceRow, previousMs: number, columns: readonly RequestColumn[]): string | undefined {
  if (!(timeMs >= 0 && timeMs < Infinity)) return `time_ms is ${timeMs}; a finite number ≥ 0 is needed`;
  if (timeMs < previousMs) return `time_ms is ${timeMs}, before the ${previousMs} of the row above; rows must be in order of time`;
  if (columns.includes('app') ? !app : app !== undefined) {
    return app ? `it has the app ${JSON.stringify(app)}, but "app" is not among the columns` : 'it has no app, but "app" is among the columns';
  }
  if (sloMs === undefined || Number.isNaN(sloMs)) return undefined;
  if (!(sloMs > 0 && sloMs < Infinity)) return `slo_ms is ${sloMs}; a finite number above 0 is needed, or none`;
  return columns.includes('slo_ms') ? undefined : `it has the SLO ${sloMs}, but "slo_ms" is not among the columns`;
}

/** Enters the cell of an app that was not seen before, or says why it has none. */
function appFault(app: string | undefined, cellsOfApps: Map<string, string>): string | undefined {
  if (app === undefined || cellsOfApps.has(app)) return undefined;
  if (/[\r\n]/.test(app)) return `its app ${JSON.stringify(app)} has a line break in its name; the format cannot hold it`;
  if (Buffer.from(app).toString() !== app) return `its app ${JSON.stringify(app)} is not valid Unicode`;
  cellsOfApps.set(app, /^#|[",]/.test(app) ? `"${app.replaceAll('"', '""')}"` : app);
  return undefined;
}

function cell({ timeMs, app, sloMs }: TraceRow, column: RequestColumn, cellsOfApps: Map<string, string>): string {
  if (column === 'time_ms') return String(timeMs);
  if (column === 'app') return cellsOfApps.get(app!)!;
  return sloMs === undefined || Number.isNaN(sloMs) ? '' : String(sloMs);
}
