import { Type, type Static, type TSchema } from '@sinclair/typebox';
import { InputError } from '../input/error.js';
import type { Stream } from '../random/stream.js';
import type { SyncArrivals } from './arrivals.js';

/** An arrival process. */
export interface ArrivalGenerator<Options extends TSchema = TSchema> {
  name: string;
  /** What it generates, in one sentence. */
  about: string;
  /** The paper or the formula's origin. */
  source: string;
  /** Whether its law does not change with time: only then does it make sense to look for a warm-up and cut it. */
  stationary: boolean;
  options: Options;
  /**
   * A fresh stream. Every draw comes from `random`, so the same options, draws and limit give the same bytes.
   *
   * @param untilMs the last moment of the run, inclusive, in ms; may be Infinity where something else ends the stream
   * @throws {InputError} if nothing would end it
   */
  create(options: Static<Options>, random: Stream, untilMs: number): SyncArrivals;
}

/** Types a generator; adds nothing at run time. */
export function defineGenerator<Options extends TSchema>(generator: ArrivalGenerator<Options>): ArrivalGenerator<Options> {
  return generator;
}

export const rateRps = Type.Number({ exclusiveMinimum: 0, description: 'mean rate in requests per second' });

export const requestCount = Type.Optional(
  Type.Integer({ minimum: 1, description: 'the stream ends after so many requests; without it, at the end of the run' }),
);

/**
 * Arrivals one after the other, until there are `requests` of them or the time is up, whichever comes first.
 *
 * @param fill writes up to `timeMs.length` further birth times in ms and returns how many; fewer only if it has ended, and then it is not asked again
 * @throws {InputError} if neither bound is finite
 */
export function bounded(
  process: string,
  requests: number | undefined,
  untilMs: number,
  fill: (timeMs: Float64Array) => number,
): SyncArrivals {
  let left = requests ?? Infinity;
  if (left === Infinity && !(untilMs < Infinity)) {
    throw new InputError(
      `arrivals of process ${process} would never end: give "requests" (how many) here, or a duration for the run`,
    );
  }
  return {
    hasSlo: false,
    read(timeMs) {
      if (left <= 0) return 0;
      const wanted = Math.min(left, timeMs.length);
      let count = fill(wanted < timeMs.length ? timeMs.subarray(0, wanted) : timeMs);
      left = count < wanted ? 0 : left - count;
      // Birth times ascend, so only the tail of a block can lie beyond the end.
      if (count > 0 && timeMs[count - 1] > untilMs) {
        while (count > 0 && timeMs[count - 1] > untilMs) count--;
        left = 0;
      }
      return count;
    },
    close() {},
  };
}
