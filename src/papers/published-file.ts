import { fileURLToPath } from 'node:url';
import { readDocument } from '../input/document.js';

/** A file under calibration/, from the sources as from what is built. @param name such as `published/igniter-v100.yaml` */
export async function calibrationFile<T>(name: string): Promise<T> {
  return (await readDocument(fileURLToPath(new URL(`../../calibration/${name}`, import.meta.url)), 'published numbers')).value as T;
}
