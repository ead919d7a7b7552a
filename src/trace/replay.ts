import type { Arrivals } from './arrivals.js';
import type { TraceFormat } from './format.js';
import { formats } from './formats.js';
import type { RowFilter } from './request-csv.js';
import { transformed, transforms } from './transforms.js';

/** A trace as a scenario names it: its format, the format's options, and transforms. */
export interface TraceOptions {
  format: string;
  [option: string]: unknown;
}

/** Opens a trace from its beginning, transforms applied. @throws {InputError} (or rejects) if a file is wrong */
export function replay({ format, ...given }: TraceOptions, filter: RowFilter): Arrivals | Promise<Arrivals> {
  const changes = Object.keys(transforms);
  const options = Object.fromEntries(Object.entries(given).filter(([name]) => !changes.includes(name)));
  return transformed(() => (formats as Record<string, TraceFormat>)[format].open(options, filter), given);
}
