import { readFile } from 'node:fs/promises';
import { parseText, readingFault } from '../../input/document.js';
import { InputError } from '../../input/error.js';
import { survivalFault, type SurvivalTable } from './delays/survival.js';

const HEADER = 'ms,share';

/**
 * Reads a survival table: CSV with the header `ms,share`, or a JSON or YAML list of [ms, share].
 *
 * @throws {InputError} naming file, line and column
 */
export async function readSurvivalTable(path: string): Promise<SurvivalTable> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new InputError(`${path}: the survival table cannot be read: ${readingFault(error, path)}`);
  }
  const { table, place } = /\.(json|ya?ml)$/i.test(path) ? fromDocument(text, path) : fromCsv(text, path);
  const fault = survivalFault(table);
  if (fault !== undefined) throw new InputError(`${place(fault.point)}: ${fault.sentence}`);
  return table;
}

interface Located {
  table: SurvivalTable;
  /** `file:line:column` of a point. */
  place: (point: number) => string;
}

function fromDocument(text: string, path: string): Located {
  const { value, locate } = parseText(text, path);
  const isNumbers = (entry: unknown): boolean => Array.isArray(entry) && entry.every((each) => typeof each === 'number');
  if (!Array.isArray(value) || value.length < 2) throw new InputError(`${path}:1:1: a list of at least two points [ms, share] is needed, e.g. [[0, 1], [100, 0]]`);
  const wrong = value.findIndex((entry) => !isNumbers(entry));
  if (wrong >= 0) throw new InputError(`${locate([wrong], 'value').label}: a point [ms, share of the delays that are longer] is needed, e.g. [100, 0.5]`);
  return { table: value as SurvivalTable, place: (point) => locate([point], 'value').label };
}

function fromCsv(text: string, path: string): Located {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const rows = lines.map((line, i) => ({ line: line.trim(), number: i + 1 })).filter(({ line }) => line !== '' && !line.startsWith('#'));
  const header = rows.shift();
  if (header === undefined) throw new InputError(`${path}:1:1: the file is empty; a header ${HEADER} and at least two points are needed`);
  if (header.line.replaceAll(' ', '') !== HEADER) throw new InputError(`${path}:${header.number}:1: found the header "${header.line}", ${HEADER} is needed`);
  if (rows.length < 2) throw new InputError(`${path}:${header.number}:1: ${rows.length === 0 ? 'no points follow' : 'one point follows'}; at least two are needed`);
  const table = rows.map(({ line, number }) => {
    const cells = line.split(',');
    const point = cells.map((cell, i) => {
      const value = cell.trim() === '' ? NaN : Number(cell);
      const column = 1 + cells.slice(0, i).reduce((sum, before) => sum + before.length + 1, 0);
      if (Number.isNaN(value)) throw new InputError(`${path}:${number}:${column}: found "${cell.trim()}", a number is needed`);
      return value;
    });
    return point as unknown as readonly [number, number];
  });
  return { table, place: (point) => `${path}:${rows[point].number}:1` };
}
