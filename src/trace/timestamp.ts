import type { CsvScanner } from './csv-scanner.js';

const form = 'a time such as 2023-11-16 18:17:03.9799600, with or without a zone (Z, +01:00), is needed';

/** Days since 1970-01-01 of a date of the Gregorian calendar. Source: H. Hinnant, "chrono-compatible low-level date algorithms", 2013. */
function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

const leap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const daysIn = (year: number, month: number): number => (month === 2 ? (leap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);

/**
 * Times of a column, as ms since the first of them, exact to the ns that the text gives. Times with a zone are brought to UTC; without
 * one they are taken as they are, as if no clock was put forward or back. A file that has both kinds is refused.
 */
export class TimestampColumn {
  private readonly scanner: CsvScanner;
  private readonly field: number;
  private firstSecond = NaN;
  private firstNs = 0;
  private zoned = false;

  constructor(scanner: CsvScanner, field: number) {
    this.scanner = scanner;
    this.field = field;
  }

  /** Time of the present row, in ms since that of the first row that was read. @throws InputError */
  read(): number {
    const { scanner, field } = this;
    const { bytes } = scanner.buffer;
    const start = scanner.start[field];
    const end = scanner.end[field];
    const digits = (from: number, count: number): number => {
      let value = 0;
      for (let p = from; p < from + count; p++) {
        const digit = bytes[p] - 48;
        if (p >= end || digit < 0 || digit > 9) throw scanner.wrong(field, `found ${scanner.shown(field)}; ${form}`);
        value = value * 10 + digit;
      }
      return value;
    };
    const separated = (at: number, ...allowed: string[]): void => {
      if (at >= end || !allowed.includes(String.fromCharCode(bytes[at]))) throw scanner.wrong(field, `found ${scanner.shown(field)}; ${form}`);
    };
    const year = digits(start, 4);
    separated(start + 4, '-');
    const month = digits(start + 5, 2);
    separated(start + 7, '-');
    const day = digits(start + 8, 2);
    separated(start + 10, ' ', 'T');
    const hour = digits(start + 11, 2);
    separated(start + 13, ':');
    const minute = digits(start + 14, 2);
    separated(start + 16, ':');
    const second = digits(start + 17, 2);
    if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59)
      throw scanner.wrong(field, `found ${scanner.shown(field)}, which is no time of any day`);
    let p = start + 19;
    let ns = 0;
    if (p < end && bytes[p] === 46) {
      let unit = 100_000_000;
      for (p++; p < end && bytes[p] >= 48 && bytes[p] <= 57; p++, unit /= 10) if (unit >= 1) ns += (bytes[p] - 48) * unit;
    }
    let offsetS = 0;
    const zoned = p < end;
    if (zoned && bytes[p] !== 90) {
      separated(p, '+', '-');
      const sign = bytes[p] === 45 ? -1 : 1;
      const hasColon = bytes[p + 3] === 58;
      offsetS = sign * (digits(p + 1, 2) * 3600 + digits(p + (hasColon ? 4 : 3), 2) * 60);
      p += hasColon ? 6 : 5;
    } else if (zoned) p++;
    if (p !== end) throw scanner.wrong(field, `found ${scanner.shown(field)}; ${form}`);
    const seconds = daysOf(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offsetS;
    if (Number.isNaN(this.firstSecond)) {
      this.firstSecond = seconds;
      this.firstNs = ns;
      this.zoned = zoned;
    } else if (zoned !== this.zoned)
      throw scanner.wrong(field, `found ${scanner.shown(field)}, ${zoned ? 'with' : 'without'} a time zone, but the first row has ${zoned ? 'none' : 'one'}; write all or none of them with a zone`);
    const sinceS = seconds - this.firstSecond;
    // As one whole number of ns, for as long as a double holds it, it is rounded once.
    return Math.abs(sinceS) < 9e6 ? (sinceS * 1e9 + ns - this.firstNs) / 1e6 : sinceS * 1000 + (ns - this.firstNs) / 1e6;
  }
}
