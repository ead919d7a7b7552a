import { InputError } from '../../input/error.js';
import { didYouMean } from '../../input/nearest.js';
import { columnNames, isRequired, type ColumnName } from './columns.js';
import { anotherFormat } from './another-format.js';

const LF = 10;
/** A header longer than this is no header. */
const MOST_BYTES = 1 << 16;

/** The names in the first line, or undefined if more bytes are needed. @throws InputError if there is none */
export function headerOf(bytes: Buffer, ended: boolean, file: string): string[] | undefined {
  const end = bytes.indexOf(LF);
  const other = end < 0 && !ended && bytes.length < MOST_BYTES ? undefined : anotherFormat(bytes.subarray(0, end < 0 ? MOST_BYTES : Math.min(end, MOST_BYTES)));
  if (other !== undefined) throw new InputError(`${file}:1:1: ${other}`);
  if (end < 0 && !ended) {
    if (bytes.length > MOST_BYTES) throw new InputError(`${file}:1:1: the first line is longer than ${MOST_BYTES} bytes; an observations file begins with the names of its columns`);
    return undefined;
  }
  const line = bytes.toString('utf8', 0, end < 0 ? bytes.length : end).replace(/^\uFEFF/, '').replace(/\r$/, '');
  if (line === '') throw new InputError(`${file}:1:1: ${bytes.length === 0 ? 'the file is empty' : 'the first line is empty'}; an observations file begins with the names of its columns: ${columnNames.filter(isRequired).join(',')},…`);
  return line.split(',').map((field) => field.replace(/^"(.*)"$/, '$1'));
}

/** Names known columns by their position. @throws InputError telling every missing, unknown or repeated one */
export function checkHeader(found: readonly string[], file: string): Map<ColumnName, number> {
  const at = new Map<ColumnName, number>();
  const lines: string[] = [];
  let column = 1;
  const missing = columnNames.filter((name) => isRequired(name) && !found.includes(name));
  found.forEach((name, i) => {
    const place = `${file}:1:${column}`;
    if (!(columnNames as string[]).includes(name)) lines.push(`${place}: ${JSON.stringify(name.slice(0, 40))}: unknown column${didYouMean(name, columnNames)}`);
    else if (at.has(name as ColumnName)) lines.push(`${place}: ${name}: this column is there a second time`);
    else at.set(name as ColumnName, i);
    column += name.length + 1;
  });
  if (missing.length > 0) lines.push(`${file}:1:1: missing ${missing.length === 1 ? 'column' : 'columns'} ${missing.join(', ')}`);
  if (lines.length > 0) throw new InputError([...lines.slice(0, 10), ...(lines.length > 10 ? [`and ${lines.length - 10} more`] : []), `Columns that are known: ${columnNames.join(', ')}`].join('\n'));
  return at;
}
