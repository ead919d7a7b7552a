import { InputError } from '../input/error.js';
import { replicate, type Replication, type Task } from './replication.js';

/** A user's mistake, which must travel as data: an error that crosses a thread loses its class and its name. */
export interface Mistake {
  mistake: string;
}

// What a researcher's policy prints must not end up in the result.
console.log = console.error;

/** What a worker thread runs. */
export default async function work(task: Task): Promise<Replication | Mistake> {
  try {
    return await replicate(task);
  } catch (error) {
    if (error instanceof InputError) return { mistake: error.message };
    throw error;
  }
}
