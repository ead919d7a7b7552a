import { createHash } from 'node:crypto'; // eslint-disable-line no-restricted-imports -- a checksum draws nothing
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { basename, dirname, resolve, sep } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import { InputError } from '../../input/error.js';

/** A file that was downloaded, as it is recorded. */
export interface Downloaded {
  file: string;
  bytes: number;
  sha256: string;
}

export async function checksum(path: string): Promise<Downloaded> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash);
  return { file: basename(path), bytes: (await stat(path)).size, sha256: hash.digest('hex') };
}

/**
 * Takes files out of a wheel, which is a zip archive.
 *
 * @param wants which of its files, by their path inside
 * @param folder where they go, under the same path; what is there is written over
 * @returns the paths inside, in the archive's order
 * @throws InputError when the archive is damaged (sizes and CRC-32 are compared)
 */
export async function unpackWheel(wheel: string, folder: string, wants: (path: string) => boolean): Promise<string[]> {
  const taken: string[] = [];
  const root = resolve(folder);
  await reading(wheel, async () => {
    const archive = await openPromise(wheel, { lazyEntries: true });
    for await (const entry of archive.eachEntry()) {
      const path = entry.fileName;
      if (path.endsWith('/') || !wants(path)) continue;
      const target = resolve(root, path);
      if (!target.startsWith(root + sep)) throw new Error(`${path} leads out of its folder`);
      await mkdir(dirname(target), { recursive: true });
      const mode = (entry.externalFileAttributes >>> 16) & 0o777 || 0o644;
      await pipeline(await archive.openReadStreamPromise(entry), createWriteStream(target, { mode }));
      taken.push(path);
    }
  });
  return taken;
}

/** The text of a wheel's METADATA. @throws InputError when it has none */
export async function wheelMetadata(wheel: string): Promise<string> {
  let found: string | undefined;
  await reading(wheel, async () => {
    const archive = await openPromise(wheel, { lazyEntries: true });
    for await (const entry of archive.eachEntry()) {
      if (/^[^/]+\.dist-info\/METADATA$/.test(entry.fileName)) found = await text(await archive.openReadStreamPromise(entry));
    }
  });
  if (found === undefined) throw new InputError(`${wheel}: there is no METADATA in it, so it is no wheel`);
  return found;
}

async function reading(wheel: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC') throw new InputError(`${wheel}: the disk is full. Make room and run the command again: it goes on where it stopped.`);
    if (code !== undefined && /^E[A-Z]+$/.test(code)) throw error;
    throw new InputError(`${wheel}: ${message}. Delete the file and run the command again: it is downloaded anew.`);
  }
}
