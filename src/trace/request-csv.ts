import { InputError } from '../input/error.js';
import { didYouMean } from '../input/nearest.js';
import { formatOf } from './recognise.js';
import { LineBuffer } from './line-buffer.js';
import type { TraceParser } from './open.js';

/** Columns of `corun/requests@1`. */
export const requestColumns = ['time_ms', 'app', 'slo_ms'] as const;
export type RequestColumn = (typeof requestColumns)[number];

const needs: Record<RequestColumn, string> = {
  time_ms: 'ms since the run began, a number ≥ 0, is needed',
  app: 'the name of an app is needed',
  slo_ms: 'a number of ms above 0 is needed, or nothing where the request has no SLO of its own',
};

/** Which rows are wanted. */
export interface RowFilter {
  /** Only rows of this app, if the file has a column `app`; without it, all rows. */
  app?: string;
  /** Every app that may occur; another one is an error. Without it, any name may occur. */
  apps?: readonly string[];
}

const LF = 10;
const CR = 13;
const QUOTE = 34;
const HASH = 35;
const COMMA = 44;
const DOT = 46;
const ZERO = 48;
const NINE = 57;

/** Apps that are remembered for a message when any name may occur. */
const rememberedApps = 20;

const neededHeader = 'a header such as "time_ms" or "time_ms,app,slo_ms"';
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
/** Powers of ten that a double holds exactly. */
const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

const TIME = 0;
const APP = 1;
const SLO = 2;

/**
 * @param name what messages call the file
 * @param filter which rows are wanted
 */
export function requestCsvParser(name: string, { app, apps }: RowFilter = {}): TraceParser {
  const buffer = new LineBuffer(name);

  /** Kinds of the columns, in the order of the header; undefined before it was seen. */
  let columns: Uint8Array | undefined;
  let headerLine = 0;
  let appColumn = 0;
  let previousMs = 0;
  let rowCount = 0;
  let wantedCount = 0;

  const known: Buffer[] = (apps ?? []).map((a) => Buffer.from(a));
  const open = apps === undefined;
  const target = app === undefined ? undefined : Buffer.from(app);
  if (target !== undefined && !known.some((a) => a.equals(target))) known.push(target);
  const wantedApp = target === undefined ? -1 : known.findIndex((a) => a.equals(target));
  const rowsOfApp: number[] = known.map(() => 0);
  let lastApp = 0;

  const text = (start: number, end: number) => buffer.bytes.toString('utf8', start, end);

  /** `name:line:column: message`; the column counts characters from 1. */
  function wrong(lineStart: number, at: number, message: string): InputError {
    return new InputError(`${name}:${buffer.line}:${text(lineStart, at).length + 1}: ${message}`);
  }

  function endOfLine(start: number): number {
    const at = buffer.bytes.indexOf(LF, start);
    return at > start && buffer.bytes[at - 1] === CR ? at - 1 : at;
  }

  /** Text of the quoted field at `start`; sets `fieldEnd` to the byte after the closing quote. */
  let fieldEnd = 0;
  function quoted(lineStart: number, start: number): string {
    let p = start + 1;
    for (;;) {
      const byte = buffer.bytes[p];
      if (byte === LF) throw wrong(lineStart, start, 'the quotation mark is not closed on its line');
      if (byte === QUOTE) {
        if (buffer.bytes[p + 1] !== QUOTE) break;
        p++;
      }
      p++;
    }
    fieldEnd = p + 1;
    return text(start + 1, p).replaceAll('""', '"');
  }

  /** Text of any field; sets `fieldEnd`. */
  function field(lineStart: number, start: number): string {
    if (buffer.bytes[start] === QUOTE) return quoted(lineStart, start);
    let p = start;
    const stop = endOfLine(start);
    while (p < stop && buffer.bytes[p] !== COMMA) p++;
    fieldEnd = p;
    return text(start, p);
  }

  function shown(found: string): string {
    return found.length > 40 ? `${JSON.stringify(found.slice(0, 40))}…` : JSON.stringify(found);
  }

  /** Any spelling of a number that is allowed, and all that are not; sets `fieldEnd`. */
  function number(kind: number, lineStart: number, start: number): number {
    const column = requestColumns[kind];
    const found = field(lineStart, start);
    if (found === '') {
      checkLine(lineStart);
      if (kind === SLO) return NaN;
      throw wrong(lineStart, start, `${column} is empty; ${needs[column]}`);
    }
    if (!decimal.test(found)) {
      const commas = found.includes(';') ? ', and commas between fields' : '';
      throw wrong(lineStart, start, `${column} is ${shown(found)}, not a number; ${needs[column]}${commas}`);
    }
    const value = Number(found);
    if (value < 0 || value === Infinity) throw wrong(lineStart, start, `${column} is ${found}; ${needs[column]}`);
    return value + 0; // −0 becomes 0
  }

  function checkLine(lineStart: number): void {
    if (endOfLine(lineStart) === lineStart) {
      throw wrong(lineStart, lineStart, `the line is empty; delete it, or give a row (${columnList()})`);
    }
  }

  function columnList(): string {
    return [...columns!].map((kind) => requestColumns[kind]).join(', ');
  }

  /** Index of the app in `known`. */
  function appOf(lineStart: number, start: number, end: number): number {
    if (same(known[lastApp], start, end)) return lastApp;
    for (let i = 0; i < known.length; i++) if (same(known[i], start, end)) return (lastApp = i);
    return newApp(lineStart, start, text(start, end));
  }

  function same(a: Buffer | undefined, start: number, end: number): boolean {
    if (a === undefined || a.length !== end - start) return false;
    for (let i = 0; i < a.length; i++) if (a[i] !== buffer.bytes[start + i]) return false;
    return true;
  }

  function newApp(lineStart: number, start: number, found: string): number {
    if (found === '') {
      checkLine(lineStart);
      throw wrong(lineStart, start, `app is empty; ${needs.app}`);
    }
    if (!open) throw wrong(lineStart, start, `app ${shown(found)} is not in the scenario${didYouMean(found, apps) || ';'} its apps: ${listed(apps)}`);
    if (known.length >= rememberedApps) return -1;
    rowsOfApp.push(0);
    return known.push(Buffer.from(found)) - 1;
  }

  function listed(names: readonly string[]): string {
    const some = names.slice(0, rememberedApps).join(', ');
    return names.length > rememberedApps ? `${some}, …` : some;
  }

  /** A field is followed by something that is neither a comma nor a line break, or by the wrong one of them. */
  function wrongCount(lineStart: number, at: number, index: number): InputError {
    const count = columns!.length;
    const stop = endOfLine(lineStart);
    if (at < stop && buffer.bytes[at] !== COMMA) {
      return wrong(lineStart, at, `a quoted field is followed by ${shown(text(at, stop))}; a comma or the end of the line is needed`);
    }
    if (at >= stop) return wrong(lineStart, at, `the row ends after ${index + 1} of ${count} fields (${columnList()})`);
    return wrong(lineStart, at + 1, `the row has more than ${count} field${count > 1 ? 's' : ''} (${columnList()})`);
  }

  /** Reads comment lines and the header. Returns false if they are not complete. */
  function header(): boolean {
    buffer.passMark();
    while (buffer.position < buffer.limit && buffer.bytes[buffer.position] === HASH) {
      buffer.position = buffer.bytes.indexOf(LF, buffer.position) + 1;
      buffer.line++;
    }
    if (buffer.position === buffer.limit) {
      if (!buffer.ended) return false;
      const what = buffer.sawBytes ? 'there is no header line' : 'the file is empty';
      throw new InputError(`${name}:${buffer.line}:1: ${what}; ${neededHeader} is needed, and rows below it`);
    }
    const lineStart = buffer.position;
    const stop = endOfLine(lineStart);
    if (stop === lineStart) throw wrong(lineStart, lineStart, `the line is empty; ${neededHeader} is needed here`);
    const kinds: number[] = [];
    for (let p = lineStart; ; p = fieldEnd + 1) {
      const found = field(lineStart, p);
      const kind = requestColumns.indexOf(found as RequestColumn);
      if (kind < 0) throw wrong(lineStart, p, otherFormat(text(lineStart, stop)) ?? unknownColumn(found));
      if (kinds.includes(kind)) throw wrong(lineStart, p, `column ${found} is there twice; delete one`);
      if (kind === APP) appColumn = text(lineStart, p).length + 1;
      kinds.push(kind);
      if (fieldEnd >= stop) break;
      if (buffer.bytes[fieldEnd] !== COMMA) throw wrong(lineStart, fieldEnd, 'a comma is needed between the names of columns');
    }
    if (!kinds.includes(TIME)) {
      throw wrong(lineStart, lineStart, `there is no column time_ms in the header ${shown(text(lineStart, stop))}; ${needs.time_ms}`);
    }
    columns = Uint8Array.from(kinds);
    headerLine = buffer.line;
    buffer.position = buffer.bytes.indexOf(LF, lineStart) + 1;
    buffer.line++;
    return true;
  }

  function otherFormat(header: string): string | undefined {
    const format = formatOf(header.split(','));
    return format === undefined || format === 'corun-csv' ? undefined : `this looks like format ${format}, not like corun-csv; name that format`;
  }

  function unknownColumn(found: string): string {
    const allowed = `columns are ${requestColumns.join(', ')}`;
    if (found === '') return `a column has no name; ${allowed}`;
    if (decimal.test(found)) return `${shown(found)} is not the name of a column; the first line must be the header, such as "time_ms" (${allowed})`;
    if (/[;\t]/.test(found)) return `${shown(found)} is not the name of a column; put commas between the columns (${allowed})`;
    return `unknown column ${shown(found)}${didYouMean(found.toLowerCase(), requestColumns) || ';'} ${allowed}`;
  }

  function rows(timeMs: Float64Array, sloMs: Float64Array): number {
    if (columns === undefined && !header()) return 0;
    const kinds = columns!;
    const last = kinds.length - 1;
    const hasSlo = kinds.includes(SLO);
    const input = buffer.bytes;
    const stop = buffer.limit;
    const capacity = timeMs.length;
    let filled = 0;
    let p = buffer.position;
    let previous = previousMs;
    while (p < stop && filled < capacity) {
      if (input[p] === HASH) {
        p = input.indexOf(LF, p) + 1;
        buffer.line++;
        continue;
      }
      const lineStart = p;
      let timeStart = p;
      let time = 0;
      let slo = NaN;
      let wanted = true;
      for (let c = 0; c <= last; c++) {
        const kind = kinds[c];
        const start = p;
        let byte = input[p];
        if (kind === APP) {
          let index: number;
          if (byte === QUOTE) {
            const found = quoted(lineStart, start);
            index = known.findIndex((a) => a.toString() === found);
            if (index < 0) index = newApp(lineStart, start, found);
            p = fieldEnd;
          } else {
            while (byte !== COMMA && byte !== LF) byte = input[++p];
            if (byte === LF && p > start && input[p - 1] === CR) p--;
            index = appOf(lineStart, start, p);
          }
          if (index >= 0) rowsOfApp[index]++;
          wanted = wantedApp < 0 || index === wantedApp;
        } else {
          // A number of up to 2^53 without its point, over a power of ten up to 10^22: both are exact in a double and the
          // quotient is rounded once, so it is the nearest double (Clinger, PLDI 1990). All else goes the slow way.
          let mantissa = 0;
          while (byte >= ZERO && byte <= NINE) {
            mantissa = mantissa * 10 + (byte - ZERO);
            byte = input[++p];
          }
          let digits = p - start;
          let scale = 0;
          if (byte === DOT) {
            byte = input[++p];
            const fraction = p;
            while (byte >= ZERO && byte <= NINE) {
              mantissa = mantissa * 10 + (byte - ZERO);
              byte = input[++p];
            }
            scale = p - fraction;
            digits += scale;
          }
          let value: number;
          if (digits > 0 && mantissa <= Number.MAX_SAFE_INTEGER && scale <= 22 && (byte === COMMA || byte === LF || byte === CR)) {
            value = scale === 0 ? mantissa : mantissa / powersOfTen[scale];
            if (byte === CR && input[p + 1] !== LF) value = number(kind, lineStart, start);
          } else {
            value = number(kind, lineStart, start);
            p = fieldEnd;
          }
          if (kind === TIME) {
            time = value;
            timeStart = start;
          } else {
            if (value === 0) throw wrong(lineStart, start, `slo_ms is 0; ${needs.slo_ms}`);
            slo = value;
          }
        }
        byte = input[p];
        if (c < last) {
          if (byte !== COMMA) throw wrongCount(lineStart, p, c);
          p++;
        } else {
          if (byte === CR && input[p + 1] === LF) byte = input[++p];
          if (byte !== LF) throw wrongCount(lineStart, p, c);
          p++;
        }
      }
      if (time < previous) {
        throw wrong(lineStart, timeStart, `time_ms is ${time}, before the ${previous} of the row above; rows must be in order of time`);
      }
      previous = time;
      rowCount++;
      buffer.line++;
      if (wanted) {
        timeMs[filled] = time;
        if (hasSlo) sloMs[filled] = slo;
        filled++;
      }
    }
    buffer.position = p;
    previousMs = previous;
    wantedCount += filled;
    if (buffer.ended && filled === 0 && p === stop) checkNotEmpty();
    return filled;
  }

  function checkNotEmpty(): void {
    if (rowCount === 0) throw new InputError(`${name}:${buffer.line}:1: there are no rows below the header; at least one request is needed`);
    if (wantedCount > 0) return;
    const found = known.map((a, i) => ({ name: a.toString(), rows: rowsOfApp[i] })).filter((a) => a.rows > 0);
    const hint = didYouMean(app!, found.map((a) => a.name)) || ';';
    const there = found.map((a) => `${a.name} (${a.rows})`).join(', ') + (open && known.length >= rememberedApps ? ', …' : '');
    throw new InputError(`${name}:${headerLine}:${appColumn}: none of the ${rowCount} rows is of app ${shown(app!)}${hint} the file has ${there}`);
  }

  return {
    push: (piece) => buffer.push(piece),
    end: () => buffer.end(),
    rows,
    hasSlo: () => columns && columns.includes(SLO),
    line: () => buffer.line,
  };
}
