import { readFile } from 'node:fs/promises';
import { InputError } from '../../input/error.js';
import { DamagedTensors, decodeTensors } from '../retraining/tensor-file.js';

/**
 * Shapes of the tensors in a file of weights, in order; undefined for a file of another kind, such as the fake engine takes.
 *
 * @throws InputError if it begins as a file of weights and is damaged
 */
export async function layoutOf(file: string): Promise<string[] | undefined> {
  const bytes = await readFile(file);
  if (bytes.toString('latin1', 0, 7) !== 'CORUNTF') return undefined;
  try {
    return decodeTensors(bytes).tensors.map(({ shape }) => `[${shape.join(', ')}]`);
  } catch (error) {
    if (error instanceof DamagedTensors) throw new InputError(`${file}: ${error.message}`);
    throw error;
  }
}

/** Why what has one layout cannot follow what has the other; undefined if it can. */
export function otherLayout(before: readonly string[] | undefined, now: readonly string[] | undefined): string | undefined {
  if (before === undefined) return undefined;
  if (now === undefined) return 'it is no file of weights, and the version before is one';
  if (before.length !== now.length) return `it has ${now.length} tensors, and the version before has ${before.length}`;
  const at = before.findIndex((shape, i) => shape !== now[i]);
  return at < 0 ? undefined : `its tensor ${at + 1} has the shape ${now[at]}, and that of the version before ${before[at]}`;
}
