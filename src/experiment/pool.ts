import { setImmediate } from 'node:timers/promises';
import { Piscina } from 'piscina';
import { InputError } from '../input/error.js';
import { replicate, type Replication, type Task } from './replication.js';
import type { Mistake } from './worker.js';

/** Runs replications somewhere. Results do not depend on where. */
export interface Pool {
  readonly threads: number;
  run(task: Task): Promise<Replication>;
  close(): Promise<void>;
}

/** @param threads 1 runs in this thread, without any worker */
export function openPool(threads: number): Pool {
  if (threads === 1) {
    const run = async (task: Task): Promise<Replication> => {
      // Lets the event loop turn between replications: without it Ctrl-C is not heard until all are done.
      await setImmediate();
      return replicate(task);
    };
    return { threads, run, close: () => Promise.resolve() };
  }
  const piscina = new Piscina<Task, Replication | Mistake>({
    filename: new URL('./worker.js', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
  });
  const run = async (task: Task): Promise<Replication> => {
    const result = await piscina.run(task);
    if ('mistake' in result) throw new InputError(result.mistake);
    return result;
  };
  return { threads, run, close: () => piscina.destroy() };
}
