import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Trial } from './trial-result.js';
import type { Downloaded } from './unpack.js';

export const STEPS = ['download', 'unpack', 'packages', 'build', 'trial'] as const;
export type Step = (typeof STEPS)[number];

/** What a setup is of. Another one in the same folder begins anew. */
export interface Identity {
  gpu: boolean;
  tensorflow: string;
  tfjs_node: string;
  /** `linux-x64` */
  platform: string;
}

/** setup.json: what was done in a folder, so that it can be gone on with, and checked. */
export interface SetupRecord extends Identity {
  schema: 'corun/tensorflow-setup@1';
  /** Finished steps, in order. All of them: it can be used. */
  done: Step[];
  wheels: Downloaded[];
  /** What was changed in tfjs-node's sources, as sentences. */
  changes: string[];
  trial?: Trial;
}

export const isComplete = (record: SetupRecord): boolean => STEPS.every((step) => record.done.includes(step));

/** The record of a folder; undefined where there is none, or none that can be read: then the setup begins anew. */
export async function readRecord(path: string): Promise<SetupRecord | undefined> {
  try {
    const record = JSON.parse(await readFile(path, 'utf8')) as SetupRecord;
    return record.schema === 'corun/tensorflow-setup@1' && Array.isArray(record.done) ? record : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function writeRecord(path: string, record: SetupRecord): Promise<void> {
  await writeFile(`${path}.new`, `${JSON.stringify(record, undefined, 2)}\n`);
  await rename(`${path}.new`, path);
}
