import { createHash } from 'node:crypto'; // eslint-disable-line no-restricted-imports -- a checksum draws nothing
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import type { Found } from '../executor/backends/contract.js';
import type { Meter } from './device/meter.js';

/** What measurements are of. */
export interface Machine {
  device: string;
  /** Memory of the device, MiB, where it tells. */
  memoryMiB?: number;
  backend_version?: string;
  driver?: string;
  host: { cpu: string; processors: number; memory_mib: number; system: string };
  corun: string;
  node: string;
}

/** The machine that is measured. @param found what the backend says of its device; undefined for the fake one */
export function machineOf(found: Found | undefined, { about }: Meter): Machine {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  return {
    device: about.name ?? found?.device ?? 'unknown',
    ...(about.memoryMiB !== undefined && { memoryMiB: about.memoryMiB }),
    ...(found !== undefined && { backend_version: found.version }),
    ...(about.driver !== undefined && { driver: about.driver }),
    host: { cpu: cpus()[0]?.model.trim() ?? 'unknown', processors: availableParallelism(), memory_mib: Math.round(totalmem() / 2 ** 20), system: `${type()} ${release()}` },
    corun: version,
    node: process.version,
  };
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
