import type { Static, TSchema } from '@sinclair/typebox';
import type { Arrivals } from './arrivals.js';
import type { RowFilter } from './request-csv.js';

/** A format of request traces: something with a name that can be replayed. */
export interface TraceFormat<Options extends TSchema = TSchema> {
  name: string;
  /** What it holds, in one sentence. */
  about: string;
  /** Where it comes from. */
  source: string;
  /** What a scenario writes under `trace`, beside `format`. */
  options: Options;
  /**
   * Opens it from its beginning. Nothing is cut from a trace: it lasts as long as it lasts.
   *
   * @param filter which rows are wanted of a file that holds several apps
   * @throws {InputError} (or rejects) if a file is wrong
   */
  open(options: Static<Options>, filter: RowFilter): Arrivals | Promise<Arrivals>;
}

/** Types a format; adds nothing at run time. */
export function defineFormat<Options extends TSchema>(format: TraceFormat<Options>): TraceFormat<Options> {
  return format;
}
