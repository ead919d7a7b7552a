import { join } from 'node:path';
import { corunHome, setupName, type Surroundings } from './home.js';
import { placesIn } from './places.js';
import { isComplete, readRecord, type SetupRecord } from './record.js';

/** A finished setup. */
export interface FoundTensorflow {
  /** The package to load, with `loadTfjsNode`. */
  directory: string;
  record: SetupRecord;
}

/** The TensorFlow that `corun setup tensorflow` built here, for CPU or GPU; undefined where none is finished. */
export async function findTensorflow(surroundings: Surroundings, gpu: boolean): Promise<FoundTensorflow | undefined> {
  const { tfjsNode, record } = placesIn(join(corunHome(surroundings), setupName(gpu)));
  const found = await readRecord(record);
  return found !== undefined && isComplete(found) ? { directory: tfjsNode, record: found } : undefined;
}
