import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { InputError } from '../input/error.js';

/** Another process is at work in the folder. */
export class LockHeld extends InputError {}

/** Locks of this process: of its own id alone nobody can tell whether it is that of an earlier process, which had the same. */
const held = new Set<string>();
let attempts = 0;

/**
 * Does work that no second process may do in the same folder at the same time. A lock whose process is gone, after
 * `kill -9` or a power cut, is taken over.
 *
 * @param doing what the message says that the other process does there
 * @throws LockHeld while another process holds it
 */
export async function withLock<T>(path: string, doing: string, work: () => Promise<T>): Promise<T> {
  const own = `${path}.${process.pid}-${++attempts}`;
  // Made elsewhere and linked, so that nobody finds a lock without a holder in it.
  await writeFile(own, String(process.pid));
  try {
    while (!(await linked(own, path))) {
      const holder = await readFile(path, 'utf8').catch(() => undefined);
      if (holder === undefined) continue;
      if (isHeld(Number(holder), path)) throw new LockHeld(`${path}: process ${holder} is ${doing} in this folder. Wait until it is done.`);
      await takeAway(path, holder, own);
    }
  } finally {
    await rm(own, { force: true });
  }
  held.add(path);
  try {
    return await work();
  } finally {
    held.delete(path);
    await rm(path, { force: true });
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes the lock of a process that is gone; one that somebody has put there since is put back. */
async function takeAway(path: string, holder: string, own: string): Promise<void> {
  const aside = `${own}.old`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== holder) await linked(aside, path);
  await rm(aside, { force: true });
}

function isHeld(holder: number, path: string): boolean {
  return holder === process.pid ? held.has(path) : holder > 0 && isAlive(holder);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
