import { readFile, rm, writeFile } from 'node:fs/promises';
import { InputError } from '../input/error.js';

/**
 * Does work that no second process may do in the same folder at the same time. A lock whose process is gone, after
 * `kill -9` or a power cut, is taken over.
 *
 * @param doing what the message says that the other process does there
 * @throws InputError while another process holds it
 */
export async function withLock<T>(path: string, doing: string, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      await writeFile(path, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = Number(await readFile(path, 'utf8').catch(() => ''));
      if (holder > 0 && holder !== process.pid && isAlive(holder)) throw new InputError(`${path}: process ${holder} is ${doing} in this folder. Wait until it is done.`);
      await rm(path, { force: true });
    }
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
