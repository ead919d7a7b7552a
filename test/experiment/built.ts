import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { compare } from '../../src/experiment/compare.js';
import type { openPool } from '../../src/experiment/pool.js';

const dist = new URL('../../dist/', import.meta.url);

/** Path of a built file. Worker threads and the command line run from these. @throws if the program was not built */
export function built(file: string): string {
  const path = fileURLToPath(new URL(file, dist));
  if (!existsSync(path)) throw new Error(`dist/${file} is missing: this test runs the built program, so build it first: npm run build (npm test does)`);
  return path;
}

/** The built `compare` and its pool of threads. */
export async function builtComparison(): Promise<{ compare: typeof compare; openPool: typeof openPool }> {
  const experiment = (await import(built('experiment/compare.js'))) as { compare: typeof compare };
  const pool = (await import(built('experiment/pool.js'))) as { openPool: typeof openPool };
  return { compare: experiment.compare, openPool: pool.openPool };
}
