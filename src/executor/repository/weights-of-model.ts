import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../input/error.js';
import { backendNamed } from '../backends/backends.js';
import { openModel } from '../models/open.js';
import { weightsToBytes } from '../retraining/weights.js';

/**
 * Makes a file of weights of a model.json, for as long as some work lasts.
 *
 * @throws InputError if it cannot be opened, or is no layers model, whose weights can be put into another of its kind
 */
export async function withWeightsOf<T>(source: string, work: (file: string) => Promise<T>): Promise<T> {
  const model = await openModel(await backendNamed('cpu').open(), source);
  const folder = await mkdtemp(join(tmpdir(), 'corun-weights-'));
  try {
    if (model.trainable === undefined) throw new InputError(`${source}: this is a graph model, whose weights cannot be put in the place of others; a layers model is needed`);
    const file = join(folder, 'weights.bin');
    await writeFile(file, await weightsToBytes(model.trainable));
    return await work(file);
  } finally {
    model.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}
