import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Comparison, Detail } from '../experiment/result.js';
import { InputError } from '../input/error.js';
import { differencesCsv, metricsCsv } from './csv.js';
import { reportHtml } from './html.js';
import { requestsParquet } from './requests.js';
import { timeline } from './timeline.js';

const reasons: Record<string, string> = {
  EACCES: 'permission denied',
  ENOENT: 'nothing can be made there',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'it is a file',
  EISDIR: 'there is a directory with that name',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENAMETOOLONG: 'the name is too long',
};

/** Faults of the place that the user named become a mistake with a fix; anything else is ours. */
function explain(error: unknown, path: string, option = '--out'): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined || !Object.hasOwn(reasons, code)) return error;
  return new InputError(`${option}: cannot write ${path}: ${reasons[code]}. Name a ${option === '--out' ? 'directory that you may write to, for example --out out/report' : 'place that you may write to'}.`);
}

/** A reader sees the whole old file or the whole new one. */
async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const unfinished = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(unfinished, content);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** Makes a directory, with those above it, if it is not there. @throws InputError when it cannot be made */
export async function makeDirectory(dir: string, option?: string): Promise<void> {
  try {
    await makeWithParents(dir);
  } catch (error) {
    throw explain(error, dir, option);
  }
}

/** As `mkdir` with `recursive`, which never comes back in Node 20 where a folder exists and nothing can be made in it, as in /proc. */
async function makeWithParents(dir: string): Promise<void> {
  try {
    await mkdir(dir);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(dir)).isDirectory()) return;
    const parent = dirname(dir);
    const isThere = await stat(parent).then(
      () => true,
      () => false,
    );
    if (code !== 'ENOENT' || isThere) throw error;
    await makeWithParents(parent);
    await mkdir(dir);
  }
}

/**
 * Writes the results of a comparison into a directory, which is made if it is not there: `summary.json`, `metrics.csv`,
 * `differences.csv`, `timeline.json`, `report.html`, and if asked for `requests.parquet`.
 *
 * @returns the paths of the files written.
 * @throws InputError when the directory cannot be made or written to.
 */
export async function writeOutputs(dir: string, comparison: Comparison, detail: Detail, { parquet }: { parquet: boolean }): Promise<string[]> {
  const files: [string, () => string | Uint8Array | Promise<string | Uint8Array>][] = [
    ['summary.json', () => JSON.stringify(comparison, null, 2) + '\n'],
    ['metrics.csv', () => metricsCsv(comparison)],
    ['differences.csv', () => differencesCsv(comparison)],
    ['timeline.json', () => JSON.stringify(timeline(detail)) + '\n'],
    ['report.html', () => reportHtml(comparison, detail)],
  ];
  if (parquet) files.push(['requests.parquet', () => requestsParquet(detail)]);
  return writeFiles(dir, files);
}

/**
 * Writes files into a directory, which is made if it is not there. Each is made when its turn comes.
 *
 * @param option that named the place, for messages; `--out` if left out
 * @returns the paths of the files written.
 * @throws InputError when the directory cannot be made or written to.
 */
export async function writeFiles(dir: string, files: readonly (readonly [name: string, content: () => string | Uint8Array | Promise<string | Uint8Array>])[], option?: string): Promise<string[]> {
  await makeDirectory(dir, option);
  const written: string[] = [];
  for (const [name, content] of files) {
    const path = join(dir, name);
    const made = await content();
    try {
      await writeAtomically(path, made);
    } catch (error) {
      throw explain(error, path, option);
    }
    written.push(path);
  }
  return written;
}
