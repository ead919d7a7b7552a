import { InputError } from '../input/error.js';
import type { TraceParser } from './open.js';
import { formatOf } from './recognise.js';
import { LineBuffer } from './line-buffer.js';

const LF = 10;
const CR = 13;
const QUOTE = 34;
const COMMA = 44;
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Rows of a CSV file with a fixed header, from pieces of any size: says where the fields of a row lie and makes no strings of them.
 * A quoted field is taken without its quotation marks; a line break or a quotation mark inside of one is refused.
 */
export class CsvScanner {
  readonly buffer: LineBuffer;
  /** Of the present row: where field i begins, and where it ends (exclusive). */
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** Rows read so far. */
  rows = 0;
  private readonly name: string;
  private readonly format: string;
  private readonly columns: readonly string[];
  hasHeader = false;
  private lineStart = 0;

  /** @param columns all of them, in their order */
  constructor(name: string, format: string, columns: readonly string[]) {
    this.buffer = new LineBuffer(name);
    this.name = name;
    this.format = format;
    this.columns = columns;
    this.start = new Int32Array(columns.length);
    this.end = new Int32Array(columns.length);
  }

  /** Reads the header if that has not been done. @returns false if it is not complete yet */
  header(): boolean {
    if (this.hasHeader) return true;
    const { buffer, columns } = this;
    buffer.passMark();
    const needed = columns.length > 6 ? `${columns.slice(0, 5).join(',')},…,${columns[columns.length - 1]}` : columns.join(',');
    if (buffer.position === buffer.limit) {
      if (!buffer.ended) return false;
      throw new InputError(`${this.name}:${buffer.line}:1: ${buffer.sawBytes ? 'there is no header line' : 'the file is empty'}; format ${this.format} begins with ${needed}`);
    }
    const stop = this.endOfLine(buffer.position);
    const found = buffer.bytes.toString('utf8', buffer.position, stop).split(',').map((field) => field.replace(/^"(.*)"$/, '$1'));
    const wrong = columns.findIndex((column, i) => found[i] !== column);
    if (wrong >= 0 || found.length !== columns.length) {
      const other = formatOf(found);
      const what = wrong < 0 ? `${found.length} columns, ${columns.length} are needed` : found[wrong] === undefined ? `no column ${columns[wrong]}` : `the column ${JSON.stringify(found[wrong].slice(0, 40))}, ${columns[wrong]} is needed`;
      const hint = other === undefined || other === this.format ? `; format ${this.format} begins with ${needed}` : `; this looks like format ${other}: name that instead`;
      const column = wrong < 1 ? 1 : found.slice(0, wrong).join(',').length + 2;
      throw new InputError(`${this.name}:${buffer.line}:${column}: found ${what}${hint}`);
    }
    buffer.position = buffer.bytes.indexOf(LF, buffer.position) + 1;
    buffer.line++;
    return (this.hasHeader = true);
  }

  /** Goes to the next row. @returns false if none is complete. @throws InputError if it has not as many fields as the header */
  next(): boolean {
    const { buffer, start, end } = this;
    if (!this.header()) return false;
    const { bytes, limit } = buffer;
    let p = buffer.position;
    if (p >= limit) return false;
    this.lineStart = p;
    const last = start.length - 1;
    for (let i = 0; i <= last; i++) {
      let byte = bytes[p];
      if (byte === QUOTE) {
        start[i] = ++p;
        byte = bytes[p];
        while (byte !== QUOTE && byte !== LF) byte = bytes[++p];
        if (byte === LF) throw this.wrongAt(start[i] - 1, 'the quotation mark is not closed on its line');
        end[i] = p;
        byte = bytes[++p];
      } else {
        start[i] = p;
        while (byte !== COMMA && byte !== LF) byte = bytes[++p];
        end[i] = p;
      }
      if (i < last) {
        if (byte !== COMMA) throw this.wrongCount(p, i);
        p++;
      } else {
        if (byte === LF && end[i] > start[i] && bytes[end[i] - 1] === CR) end[i]--;
        else if (byte === CR && bytes[p + 1] === LF) p++;
        if (bytes[p] !== LF) throw this.wrongCount(p, i);
        p++;
      }
    }
    buffer.position = p;
    buffer.line++;
    this.rows++;
    return true;
  }

  text(field: number): string {
    return this.buffer.bytes.toString('utf8', this.start[field], this.end[field]);
  }

  /** Whether a field is exactly these bytes. */
  is(field: number, wanted: Uint8Array): boolean {
    const { bytes } = this.buffer;
    const start = this.start[field];
    if (this.end[field] - start !== wanted.length) return false;
    for (let i = 0; i < wanted.length; i++) if (bytes[start + i] !== wanted[i]) return false;
    return true;
  }

  /** A whole number ≥ 0. */
  count(field: number): number {
    const { bytes } = this.buffer;
    const end = this.end[field];
    let value = 0;
    let p = this.start[field];
    for (; p < end; p++) {
      const digit = bytes[p] - 48;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (p < end || end === this.start[field] || value > Number.MAX_SAFE_INTEGER) throw this.wrong(field, `found ${this.shown(field)}, a whole number is needed`);
    return value;
  }

  /** A number ≥ 0, read as the nearest double. */
  number(field: number): number {
    const found = this.buffer.bytes.toString('latin1', this.start[field], this.end[field]);
    const value = Number(found);
    if (!decimal.test(found) || !(value >= 0 && value < Infinity)) throw this.wrong(field, `found ${this.shown(field)}, a number of at least 0 is needed`);
    return value + 0;
  }

  shown(field: number): string {
    const found = this.text(field);
    return found === '' ? 'nothing' : found.length > 40 ? `${JSON.stringify(found.slice(0, 40))}…` : JSON.stringify(found);
  }

  /** A mistake in a field of the present row. */
  wrong(field: number, message: string): InputError {
    return this.wrongAt(this.start[field], `${this.columns[field]}: ${message}`, this.buffer.line - 1);
  }

  private wrongAt(at: number, message: string, line = this.buffer.line): InputError {
    const column = this.buffer.bytes.toString('utf8', this.lineStart, at).length + 1;
    return new InputError(`${this.name}:${line}:${column}: ${message}`);
  }

  private wrongCount(at: number, field: number): InputError {
    const count = this.columns.length;
    if (this.endOfLine(this.lineStart) === this.lineStart) return this.wrongAt(this.lineStart, 'the line is empty; delete it');
    if (at >= this.endOfLine(this.lineStart)) return this.wrongAt(at, `the row ends after ${field + 1} of ${count} fields; was the file cut off?`);
    return this.wrongAt(at, this.buffer.bytes[at] === COMMA ? `the row has more than ${count} fields` : 'a quoted field must be followed by a comma or the end of the line');
  }

  private endOfLine(start: number): number {
    const at = this.buffer.bytes.indexOf(LF, start);
    return at > start && this.buffer.bytes[at - 1] === CR ? at - 1 : at;
  }
}

/**
 * The parser of a format without SLOs, around a scanner of its rows.
 *
 * @param fill as `rows` of a parser; called once the header was read, also with arrays of length 0
 */
export function parserOf(scanner: CsvScanner, fill: (timeMs: Float64Array) => number): TraceParser {
  const { buffer } = scanner;
  return {
    push: (piece) => buffer.push(piece),
    end: () => buffer.end(),
    rows: (timeMs) => (scanner.header() ? fill(timeMs) : 0),
    hasSlo: () => (scanner.hasHeader ? false : undefined),
    line: () => buffer.line,
  };
}
