import alea from 'seedrandom/lib/alea.js';

/** A sequence of uniform draws in [0, 1), 32 bits each. */
export type Stream = () => number;

export type Seed = number | string;

/**
 * The stream of draws that belongs to a key, for example `stream(seed, 'service', source)`.
 *
 * A draw depends on the seed, the key and its ordinal in that stream, and on nothing else: two alternatives that
 * serve the same requests in another order still see the same draws, and a feature that is off draws nothing.
 */
export function stream(seed: Seed, ...key: readonly (string | number)[]): Stream {
  return alea([seed, ...key].join('\u0000'));
}
