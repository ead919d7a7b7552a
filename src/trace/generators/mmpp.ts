import { Type, type Static } from '@sinclair/typebox';
import { InputError } from '../../input/error.js';
import { bounded, defineGenerator, requestCount } from '../generator.js';

/** A state of a Markov-modulated Poisson process. */
export const MmppState = Type.Object(
  {
    rate_rps: Type.Number({ minimum: 0, description: 'rate of the requests in this state' }),
    mean_s: Type.Number({ exclusiveMinimum: 0, description: 'how long the state lasts in the mean (exponentially distributed)' }),
  },
  { additionalProperties: false },
);

const Options = Type.Object(
  {
    states: Type.Array(MmppState, { minItems: 2, description: 'the states; the next one is each of the others with the same probability, unless `next` says otherwise' }),
    next: Type.Optional(
      Type.Array(Type.Array(Type.Number({ minimum: 0, maximum: 1 })), { description: 'next[i][j]: probability that state j follows state i; each row sums to 1, with 0 for the state itself' }),
    ),
    requests: requestCount,
  },
  { additionalProperties: false },
);
type States = Static<typeof Options>['states'];

function transitions(states: States, next: number[][] | undefined): number[][] {
  const n = states.length;
  if (next === undefined) return states.map((_, i) => states.map((__, j) => (i === j ? 0 : 1 / (n - 1))));
  const isRow = (row: number[], i: number): boolean => row.length === n && row[i] === 0 && Math.abs(row.reduce((sum, p) => sum + p, 0) - 1) < 1e-9;
  if (next.length !== n || !next.every(isRow)) throw new InputError(`arrivals of process mmpp: "next" needs ${n} rows of ${n} probabilities that sum to 1, with 0 for staying in the same state`);
  return next;
}

/** The first pair of states [from, to] of which the second is never reached from the first; undefined if there is none. */
function unreached(jumps: readonly number[][]): [from: number, to: number] | undefined {
  for (const from of jumps.keys()) {
    const reached = new Set([from]);
    for (const i of reached) jumps[i].forEach((p, j) => p > 0 && reached.add(j));
    const to = jumps.findIndex((_, j) => !reached.has(j));
    if (to >= 0) return [from, to];
  }
  return undefined;
}

/**
 * Share of time in each state.
 *
 * Source: elimination of states without subtractions; Grassmann, Taksar, Heyman, Operations Research 33(5), 1985.
 *
 * @throws {InputError} if a state is never reached from another one: the shares would depend on where it begins
 */
export function stationaryShares(states: States, next?: number[][]): number[] {
  const jumps = transitions(states, next);
  const pair = unreached(jumps);
  if (pair !== undefined)
    throw new InputError(`arrivals of process mmpp: state ${pair[1]} (from 0) is never reached from state ${pair[0]}; "next" must lead from every state to every other, if only by way of others`);
  const rest = jumps.map((row) => [...row]);
  for (let k = rest.length - 1; k > 0; k--) {
    let away = 0;
    for (let j = 0; j < k; j++) away += rest[k][j];
    for (let i = 0; i < k; i++) {
      rest[i][k] /= away;
      for (let j = 0; j < k; j++) rest[i][j] += rest[i][k] * rest[k][j];
    }
  }
  const visits = [1];
  for (let k = 1; k < rest.length; k++) visits.push(visits.reduce((sum, v, i) => sum + v * rest[i][k], 0));
  const weights = visits.map((v, i) => v * states[i].mean_s);
  const total = weights.reduce((sum, w) => sum + w, 0);
  return weights.map((w) => w / total);
}

/** The index in which a uniform draw falls, by shares that sum to 1. */
export function choose(shares: readonly number[], u: number): number {
  let sum = 0;
  for (let i = 0; i < shares.length; i++) if (u < (sum += shares[i])) return i;
  return shares.reduce((last, share, i) => (share > 0 ? i : last), 0);
}

export default defineGenerator({
  name: 'mmpp',
  about: 'A Poisson stream whose rate jumps between states: calm and bursts. It begins in a state drawn by the share of time that each has.',
  source: 'Markov-modulated Poisson process; Fischer and Meier-Hellstern, Performance Evaluation 18(2), 1993.',
  stationary: true,
  options: Options,
  create({ states, next, requests }, random, untilMs) {
    const jumps = transitions(states, next);
    if (!states.some(({ rate_rps }) => rate_rps > 0)) throw new InputError('arrivals of process mmpp: every state has rate_rps 0, so no request would ever come');
    let state = choose(stationaryShares(states, next), random());
    const sojournMs = (): number => -Math.log(1 - random()) * states[state].mean_s * 1000;
    let nowMs = 0;
    let changeMs = sojournMs();
    return bounded('mmpp', requests, untilMs, (timeMs) => {
      for (let i = 0; i < timeMs.length; i++) {
        for (;;) {
          const { rate_rps } = states[state];
          const bornMs = rate_rps > 0 ? nowMs - (Math.log(1 - random()) * 1000) / rate_rps : Infinity;
          if (bornMs <= changeMs) {
            nowMs = timeMs[i] = bornMs;
            break;
          }
          // An exponential gap forgets how long it has lasted, so it is drawn anew in the next state.
          if (changeMs > untilMs) return i;
          nowMs = changeMs;
          state = choose(jumps[state], random());
          changeMs = nowMs + sojournMs();
        }
      }
      return timeMs.length;
    });
  },
});
