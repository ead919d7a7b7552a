import { join } from 'node:path';
import { setupName } from './home.js';
import { placesIn } from './places.js';
import { isComplete, readRecord, STEPS } from './record.js';

/** One folder in which something was set up, or begun to be. */
export interface Listed {
  name: string;
  /** `ready`, or how far it came. */
  state: string;
  tensorflow: string;
  /** The package to load. */
  directory: string;
}

/** @param home as of `corunHome` */
export async function listSetups(home: string): Promise<Listed[]> {
  const listed: Listed[] = [];
  for (const gpu of [false, true]) {
    const { record: path, tfjsNode: directory } = placesIn(join(home, setupName(gpu)));
    const record = await readRecord(path);
    if (record === undefined) continue;
    const next = STEPS.find((step) => !record.done.includes(step));
    const state = isComplete(record) ? 'ready' : `begun, ${next} is next`;
    listed.push({ name: setupName(gpu), state, tensorflow: record.tensorflow, directory });
  }
  return listed;
}
