import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Puts bytes in the place of a file so that after a crash or a power cut there is the old file or the new one, whole. */
export type WriteDurably = (path: string, bytes: Uint8Array) => Promise<void>;

/** What is used of a file. */
interface OpenFile {
  writeFile(bytes: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}
type OpenFor = (path: string, flags: 'r' | 'w') => Promise<OpenFile>;

/** The name under which a file is written before it is whole. */
export const UNFINISHED = '.new';

/**
 * Writes under another name, brings it to the disk, renames, and brings the folder to the disk. Where that fails nothing is left
 * behind, and what was there before is as it was.
 */
export async function writeDurably(path: string, bytes: Uint8Array, openFor: OpenFor = open): Promise<void> {
  const unfinished = path + UNFINISHED;
  try {
    await syncing(await openFor(unfinished, 'w'), (file) => file.writeFile(bytes));
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  await syncFolder(dirname(path), openFor);
}

/** Brings the names in a folder to the disk. Windows cannot open a folder; there a rename is written through. */
export async function syncFolder(folder: string, openFor: OpenFor = open): Promise<void> {
  if (process.platform !== 'win32') await syncing(await openFor(folder, 'r'), () => Promise.resolve());
}

async function syncing(file: OpenFile, write: (file: OpenFile) => Promise<void>): Promise<void> {
  try {
    await write(file);
    await file.sync();
  } finally {
    await file.close();
  }
}
