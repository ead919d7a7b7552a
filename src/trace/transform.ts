import type { Static, TSchema } from '@sinclair/typebox';
import type { Arrivals } from './arrivals.js';

/** A way to change a recorded stream before it is replayed. */
export interface TraceTransform<Option extends TSchema = TSchema> {
  /** The field that a scenario writes beside `format`. */
  name: string;
  /** What it does, in one sentence; for a method with choices, which one it takes. */
  about: string;
  option: Option;
  /**
   * @param open opens the stream from its beginning; a transform that looks at it first opens it twice
   * @returns a stream that never goes back in time
   * @throws {InputError} (or rejects) if the option does not fit the stream
   */
  apply(open: () => Arrivals | Promise<Arrivals>, option: Static<Option>): Arrivals | Promise<Arrivals>;
}

/** Types a transform; adds nothing at run time. */
export function defineTransform<Option extends TSchema>(transform: TraceTransform<Option>): TraceTransform<Option> {
  return transform;
}
