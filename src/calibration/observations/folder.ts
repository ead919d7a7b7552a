import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../input/error.js';
import { JOURNAL, OBSERVATIONS } from '../files.js';

/**
 * The observations file that is meant: of a folder that `corun calibrate` wrote the one in it, else the path as it is.
 *
 * @throws InputError for a folder without observations, naming the CSV files that are in it
 */
export async function observationsFile(path: string): Promise<string> {
  const about = await stat(path).catch(() => undefined);
  if (about === undefined || !about.isDirectory()) return path;
  const names = await readdir(path);
  for (const name of [OBSERVATIONS, `${OBSERVATIONS}.gz`]) if (names.includes(name)) return join(path, name);
  const tables = names.filter((name) => /\.csv(\.gz)?$/.test(name)).sort();
  if (names.includes(JOURNAL)) throw new InputError(`${path}: the calibration in this folder has not written its ${OBSERVATIONS} yet; run corun calibrate with the same --out again, and it goes on to the end`);
  const meant = tables.slice(0, 3).map((name) => join(path, name)).join(' or ');
  throw new InputError(`${path}: this is a folder without ${OBSERVATIONS}${meant === '' ? '; name an observations file, or a folder that corun calibrate wrote' : `; did you mean ${meant}?`}`);
}
