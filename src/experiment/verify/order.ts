import { stream, type Seed } from '../../random/stream.js';

/** One real run: which alternative, and which of its runs it is. */
export interface Turn {
  alternative: number;
  run: number;
}

/**
 * In which order real runs take place: run by run each alternative once, in an order drawn anew, so that a machine that gets warmer or
 * busier does so for all of them alike.
 */
export function interleaved(alternatives: number, runs: number, seed: Seed): Turn[] {
  return Array.from({ length: runs }, (_, run) => shuffled(alternatives, seed, run).map((alternative) => ({ alternative, run }))).flat();
}

/** Fisher and Yates. */
function shuffled(length: number, seed: Seed, run: number): number[] {
  const draw = stream(seed, 'verify-order', run);
  const order = Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = Math.floor(draw() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
