import { isReading, type ObservedGroup } from '../../contention/fit/group.js';
import { InputError } from '../../input/error.js';
import { CsvScanner } from '../../trace/csv-scanner.js';
import { fileBytes } from '../../trace/file-bytes.js';
import { columnNames, partOf, type ColumnName } from './columns.js';
import { Fingerprints } from './fingerprints.js';
import { addDuration, addIdle, addMemory, addReading, Gathered, observedGroup, type ProcessRows } from './gather.js';
import { checkHeader, headerOf } from './header.js';
import { checkUnits } from './plausible.js';
import { readKey } from './row-key.js';

export interface Observations {
  file: string;
  rows: number;
  groups: ObservedGroup[];
  /** Sentences that name rows. */
  warnings: string[];
}

/** Mistakes that are told before reading is given up. */
const MOST_FAULTS = 10;
const SHOWN_ROWS = 5;

/** Told now and then while a file is read. */
export type OnRows = (rows: number) => void;

/**
 * Reads an observations file (CSV, plain or gzip; `docs/fit.md`) in one pass, in memory that does not grow with its rows.
 *
 * @param seen rows that were read before, here or in another file; a row that is there again is left out with a warning. It needs
 *   `start_ms` in the file: without times two equal rows may be two measurements
 * @throws InputError naming rows: missing or unknown columns, numbers that are none, durations that are not above 0, impossible job counts, mixed units
 */
export async function readObservations(file: string, seen = new Fingerprints(), onRows?: OnRows): Promise<Observations> {
  const bytes = await fileBytes(file);
  try {
    let start = Buffer.alloc(0);
    let ended = false;
    let names: string[] | undefined;
    while (names === undefined) {
      const piece = await bytes.next();
      if (piece === undefined) ended = true;
      else start = Buffer.concat([start, piece]);
      names = headerOf(start, ended, file);
    }
    const reader = new RowReader(file, names, seen);
    reader.push(start);
    onRows?.(reader.rows);
    for (let piece = ended ? undefined : await bytes.next(); piece !== undefined; piece = await bytes.next()) {
      reader.push(piece);
      onRows?.(reader.rows);
    }
    return reader.end();
  } catch (error) {
    throw damaged(error, file);
  } finally {
    await bytes.close();
  }
}

/** What is wrong with a gzip file, for the user; other errors as they are. */
function damaged(error: unknown, file: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') return new InputError(`${file}: the gzip file ends before its content does; was it cut off? Make or copy it again`);
  if (code?.startsWith('Z_')) return new InputError(`${file}: the gzip file is damaged (${message}); make or copy it again`);
  return error;
}

class RowReader {
  rows = 0;
  private readonly file: string;
  private readonly scanner: CsvScanner;
  private readonly at: Map<ColumnName, number>;
  private readonly seen: Fingerprints;
  private readonly gathered = new Gathered();
  /** What a row says about its group and process, by the bytes of these columns: read once, not in every row. */
  private readonly places = new Map<string, ProcessRows | undefined>();
  /** Ranges of columns that name the group and process, and so the key of `places`. */
  private readonly spans: readonly (readonly [first: number, last: number])[];
  private readonly measured: readonly { name: ColumnName; at: number }[];
  private readonly duration: number;
  /** Column of the times; undefined if there is none. */
  private readonly began: number | undefined;
  private readonly faults: string[] = [];
  private repeated = 0;
  private readonly repeatedAt: number[] = [];

  constructor(file: string, names: readonly string[], seen: Fingerprints) {
    this.file = file;
    this.at = checkHeader(names, file);
    this.scanner = new CsvScanner(file, 'corun/observations', names);
    this.seen = seen;
    const naming = names.map((name) => ['group', 'process'].includes(partOf(name as ColumnName)));
    const spans: [number, number][] = [];
    naming.forEach((is, i) => {
      if (!is) return;
      if (i > 0 && naming[i - 1]) spans[spans.length - 1][1] = i;
      else spans.push([i, i]);
    });
    this.spans = spans;
    this.duration = this.at.get('duration_ms')!;
    this.measured = columnNames.flatMap((name) => (partOf(name) !== 'measured' || name === 'duration_ms' || !this.at.has(name) ? [] : [{ name, at: this.at.get(name)! }]));
    this.began = this.at.get('start_ms');
  }

  push(piece: Uint8Array): void {
    this.scanner.buffer.push(piece);
    this.read();
  }

  end(): Observations {
    this.scanner.buffer.end();
    this.read();
    const { file, rows } = this;
    if (this.faults.length > 0) throw new InputError(this.faults.join('\n'));
    if (rows === 0 && this.repeated > 0) throw new InputError(`${file}: all ${this.repeated} rows are in the first file too, so nothing is left to test on; give --test rows that the fit does not see`);
    if (rows === 0) throw new InputError(`${file}:2:1: there are no rows`);
    const warnings = checkUnits(this.gathered.all(), file);
    if (this.repeated > 0) {
      const more = this.repeated > this.repeatedAt.length ? ', …' : '';
      warnings.push(`${file}: ${this.repeated} ${this.repeated === 1 ? 'row is' : 'rows are'} there a second time (${this.repeatedAt.length === 1 ? 'line' : 'lines'} ${this.repeatedAt.join(', ')}${more}) and ${this.repeated === 1 ? 'was' : 'were'} left out.`);
    }
    if (this.seen.full) warnings.push(`${file}: there are too many rows to look for repeated ones in all of them.`);
    if (!this.at.has('process')) warnings.push(`${file}: there is no column process, so all rows of a run are taken for those of one process; intervals are less sure.`);
    return { file, rows, groups: this.gathered.all().filter((g) => g.rows > 0).map(observedGroup), warnings };
  }

  private read(): void {
    const { scanner } = this;
    while (scanner.next()) {
      const { bytes } = scanner.buffer;
      const from = scanner.start[0];
      if (this.began !== undefined && this.seen.seen(bytes, from, scanner.end[scanner.end.length - 1])) {
        this.repeated++;
        if (this.repeatedAt.length < SHOWN_ROWS) this.repeatedAt.push(this.line());
        continue;
      }
      this.rows++;
      this.row(bytes);
    }
  }

  private row(bytes: Buffer): void {
    const { scanner } = this;
    let key = '';
    for (const [first, last] of this.spans) key += `${bytes.toString('latin1', scanner.start[first], scanner.end[last])}\u0000`;
    let place = this.places.get(key);
    if (place === undefined && !this.places.has(key)) {
      place = this.place();
      this.places.set(key, place);
    } else if (place === undefined) {
      // The same mistake again is counted by its first row.
      return;
    }
    const ms = this.number(this.duration);
    if (!(ms > 0 && ms < Infinity)) {
      this.fault(this.duration, `found ${scanner.shown(this.duration)}, a duration above 0 in ms is needed`);
      return;
    }
    if (place === undefined) return;
    addDuration(place, ms, this.line());
    if (place.idle !== undefined) addIdle(place, this.began === undefined ? NaN : this.number(this.began), ms);
    const { group } = place;
    for (const { name, at } of this.measured) {
      if (scanner.end[at] === scanner.start[at]) continue;
      const value = this.number(at);
      if (!(value >= 0 && value < Infinity)) this.fault(at, `found ${scanner.shown(at)}, a number of at least 0 is needed`);
      else if (name.endsWith('_busy') && value > 1.001) this.fault(at, `found ${scanner.shown(at)}, a share from 0 to 1 is needed (percent / 100)`);
      else if (name === 'memory_mib') {
        if (value > 0) addMemory(group, value);
      } else if (isReading(name)) addReading(group, name, value);
    }
  }

  /** Reads and checks what the present row says about its group. @returns undefined if that is wrong */
  private place(): ProcessRows | undefined {
    const { scanner, at } = this;
    const text = (column: ColumnName): string | undefined => {
      const i = at.get(column);
      return i === undefined || scanner.end[i] === scanner.start[i] ? undefined : scanner.text(i);
    };
    const { key, faults } = readKey(text);
    const run = text('run');
    if (run === undefined) faults.push({ column: 'run', sentence: 'found nothing, the name of the run is needed' });
    for (const { column, sentence } of faults) this.fault(at.get(column) ?? 0, sentence);
    return faults.length > 0 ? undefined : this.gathered.place(key, run!, text('process') ?? '', this.file, this.line());
  }

  private number(at: number): number {
    const { scanner } = this;
    return scanner.end[at] === scanner.start[at] ? NaN : Number(scanner.buffer.bytes.toString('latin1', scanner.start[at], scanner.end[at]));
  }

  private line(): number {
    return this.scanner.buffer.line - 1;
  }

  /** @throws InputError when there are enough of them */
  private fault(at: number, sentence: string): void {
    this.faults.push(this.scanner.wrong(at, sentence).message);
    if (this.faults.length >= MOST_FAULTS) throw new InputError([...this.faults, 'and possibly more: reading stopped here'].join('\n'));
  }
}
