import { open, readdir, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InputError } from '../input/error.js';
import { nearest } from '../input/nearest.js';

const pieceBytes = 1 << 20;

/** The content of a file, unpacked, piece by piece. */
export interface FileBytes {
  /** The next piece, or undefined at the end. It is valid until the next call. */
  next(): Promise<Uint8Array | undefined>;
  /** May be called early and more than once. */
  close(): Promise<void>;
}

/** Packed files that we do not unpack, by their first bytes. */
const otherPacking: readonly (readonly [name: string, magic: readonly number[]])[] = [
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['Parquet', [0x50, 0x41, 0x52, 0x31]],
];

/**
 * Opens a plain or gzip file, told apart by its first bytes, not by its name. Memory does not grow with the file.
 *
 * @throws {InputError} if there is no such file, or it is something else
 */
export async function fileBytes(path: string): Promise<FileBytes> {
  const handle = await opened(path);
  try {
    if (!(await handle.stat()).isFile()) {
      throw new InputError(`${path}: this is not a file; it may be read more than once, so it has to be one (no folder and no pipe)`);
    }
    const start = Buffer.alloc(4);
    await handle.read(start, 0, start.length, 0);
    for (const [packing, magic] of otherPacking) {
      if (magic.every((byte, i) => start[i] === byte)) throw new InputError(`${path}:1:1: this is a ${packing} file; a CSV file is needed, plain or gzip`);
    }
    return start[0] === 0x1f && start[1] === 0x8b ? gunzipped(handle) : plain(handle);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new InputError(`${path}: there is no such file${await nearestFile(path)}`);
    if (code === 'EACCES' || code === 'EPERM') throw new InputError(`${path}: may not be read; check who owns it`);
    throw error;
  }
}

async function nearestFile(path: string): Promise<string> {
  // The folder may be missing too; then there is nothing to suggest.
  const names = await readdir(dirname(path)).catch(() => []);
  const meant = nearest(basename(path), names).map((name) => join(dirname(path), name));
  return meant.length === 0 ? '' : `; did you mean ${meant.join(' or ')}?`;
}

function plain(handle: FileHandle): FileBytes {
  const piece = Buffer.allocUnsafe(pieceBytes);
  let closing: Promise<void> | undefined;
  return {
    async next() {
      if (closing !== undefined) return undefined;
      const { bytesRead } = await handle.read(piece, 0, piece.length, null);
      return bytesRead === 0 ? undefined : piece.subarray(0, bytesRead);
    },
    close: () => (closing ??= handle.close()),
  };
}

function gunzipped(handle: FileHandle): FileBytes {
  const packed = plain(handle);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    // zlib keeps a piece until it is used up, so each needs memory of its own.
    for (let piece = await packed.next(); piece !== undefined; piece = await packed.next()) yield Buffer.from(piece);
  }
  const source = Readable.from(pieces(), { highWaterMark: 1 });
  const gunzip = createGunzip({ chunkSize: pieceBytes / 4 });
  // Whatever goes wrong in either reaches the reader through gunzip; here it only ends the use of the file.
  pipeline(source, gunzip, () => void packed.close());
  const unpacked = gunzip[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  return {
    async next() {
      const { done, value } = await unpacked.next();
      return done ? undefined : value;
    },
    async close() {
      gunzip.destroy();
      await packed.close();
    },
  };
}
