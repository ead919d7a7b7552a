import { availableParallelism, cpus, totalmem } from 'node:os';
import type { Verification } from './result.js';

/** On what a verification ran. */
export function thisMachine(): Verification['machine'] {
  return { processor: cpus()[0]?.model.trim() ?? 'unknown', processors: availableParallelism(), memory_gib: Math.round(totalmem() / 2 ** 30), node: process.version };
}
