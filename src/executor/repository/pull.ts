import { createHash } from 'node:crypto'; // eslint-disable-line no-restricted-imports -- a checksum draws nothing
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { causeOf } from '../retraining/checkpoints.js';
import { syncFolder } from '../retraining/durable.js';
import { NoSuchBytes, type RepositoryClient } from './client.js';
import type { Version } from './manifest.js';
import { doubled, pause } from './pause.js';

/** Attempts that bring nothing further, and files that are not what they should be, after which a pull has failed. */
const MOST_IN_VAIN = 5;
const MOST_CORRUPTED = 3;
const LONGEST_PAUSE_MS = 5000;

/** What is used of a file that is written. */
interface OpenFile {
  write(bytes: Uint8Array): Promise<{ bytesWritten: number }>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface PullOptions {
  signal: AbortSignal;
  /** Before the second attempt; it doubles with each further one. */
  pauseMs?: number;
  /** Is told of all bytes that came, those of a corrupted file as well. */
  onBytes?: (bytes: number) => void;
  /** An attempt goes on at this byte. */
  onResumed?: (from: number) => void;
  onCorrupted?: () => void;
  openFile?: (path: string, flags: 'a' | 'w') => Promise<OpenFile>;
}

/** A pull that is over without its file, in words for the operator. */
export class PullFailed extends Error {
  override readonly name = 'PullFailed';
}

class Corrupted extends Error {}
class DiskTrouble extends Error {}

/**
 * Brings a version from the repository to this machine. Bytes go into `partial`, where an attempt, or another process, goes on that
 * finds some there; once they are all there and have the right SHA-256 they are on the disk, and then under the name `file`.
 *
 * @throws PullFailed after some attempts, or at once if the disk is full; `partial` stays unless the disk is full or it is corrupted
 */
export async function pull(client: RepositoryClient, entry: Version, { file, partial }: { file: string; partial: string }, options: PullOptions): Promise<void> {
  const { signal, pauseMs = 200, onCorrupted } = options;
  let inVain = 0;
  let corrupted = 0;
  for (;;) {
    const before = await lengthOf(partial);
    try {
      await attempt(client, entry, partial, options);
      await onDisk(async () => {
        await rename(partial, file);
        await syncFolder(dirname(file));
      });
      return;
    } catch (error) {
      const { message } = error as Error;
      if (signal.aborted) throw new PullFailed('it was given up', { cause: error });
      if (error instanceof DiskTrouble) {
        await rm(partial, { force: true });
        throw new PullFailed(message, { cause: error });
      }
      if (error instanceof Corrupted) {
        await rm(partial, { force: true });
        onCorrupted?.();
        if (++corrupted >= MOST_CORRUPTED) throw new PullFailed(`${message}, ${corrupted} times`, { cause: error });
      } else if ((await lengthOf(partial)) > before) inVain = 0;
      else if (++inVain >= MOST_IN_VAIN) throw new PullFailed(`${message}; ${inVain} attempts brought nothing`, { cause: error });
      await pause(doubled(pauseMs, inVain + corrupted, LONGEST_PAUSE_MS), signal);
    }
  }
}

async function attempt(client: RepositoryClient, { sha256, bytes }: Version, partial: string, { signal, onBytes, onResumed, openFile = open }: PullOptions): Promise<void> {
  let length = await lengthOf(partial);
  if (length > bytes) throw new Corrupted(`${partial} is longer than the ${bytes} bytes of its file`);
  let hash = createHash('sha256');
  if (length > 0) await onDisk(async () => void (hash = await hashOf(partial)));
  if (length < bytes) {
    const { from, pieces } = await beginning(client, sha256, length, signal);
    if (from < length) {
      length = 0;
      hash = createHash('sha256');
    } else if (from > 0) onResumed?.(from);
    const target = await onDisk(() => openFile(partial, from === 0 ? 'w' : 'a'));
    try {
      for await (const piece of pieces) {
        onBytes?.(piece.length);
        length += piece.length;
        if (length > bytes) throw new Corrupted(`more than the ${bytes} bytes came that the manifest says`);
        hash.update(piece);
        await onDisk(() => writeAll(target, piece));
      }
      if (length < bytes) throw new Error(`the connection ended after ${length} of ${bytes} bytes`);
      await onDisk(() => target.sync());
    } finally {
      await target.close();
    }
  }
  const found = hash.digest('hex');
  if (found !== sha256) throw new Corrupted(`what came has the SHA-256 ${found}, and not ${sha256}`);
}

async function beginning(client: RepositoryClient, sha256: string, from: number, signal: AbortSignal): ReturnType<RepositoryClient['blob']> {
  try {
    return await client.blob(sha256, from, signal);
  } catch (error) {
    if (error instanceof NoSuchBytes) throw new Corrupted('the file of the repository is shorter than its manifest says', { cause: error });
    throw error;
  }
}

async function hashOf(file: string): Promise<ReturnType<typeof createHash>> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
  return hash;
}

async function writeAll(target: OpenFile, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.length; ) at += (await target.write(piece.subarray(at))).bytesWritten;
}

async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new DiskTrouble(causeOf(error), { cause: error });
  }
}

const lengthOf = (file: string): Promise<number> => stat(file).then(({ size }) => size, () => 0);
