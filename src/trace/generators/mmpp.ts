import { Type, type Static } from '@sinclair/typebox';
import { InputError } from '../../input/error.js';
import { bounded, defineGenerator, requestCount } from '../generator.js';

const State = Type.Object(
  {
    rate_rps: Type.Number({ minimum: 0, description: 'rate of the requests in this state' }),
    mean_s: Type.Number({ exclusiveMinimum: 0, description: 'how long the state lasts in the mean (exponentially distributed)' }),
  },
  { additionalProperties: false },
);

const Options = Type.Object(
  {
    states: Type.Array(State, { minItems: 2, description: 'the states; the next one is each of the others with the same probability, unless `next` says otherwise' }),
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

/** Share of time in each state. */
export function stationaryShares(states: States, next?: number[][]): number[] {
  const jumps = transitions(states, next);
  let visits = states.map(() => 1 / states.length);
  // Half steps, so that states which alternate settle too.
  for (let step = 0; step < 10_000; step++) {
    const after = visits.map((share, j) => 0.5 * share + 0.5 * visits.reduce((sum, v, i) => sum + v * jumps[i][j], 0));
    const change = after.reduce((most, share, j) => Math.max(most, Math.abs(share - visits[j])), 0);
    visits = after;
    if (change < 1e-15) break;
  }
  const weights = visits.map((v, i) => v * states[i].mean_s);
  const total = weights.reduce((sum, w) => sum + w, 0);
  return weights.map((w) => w / total);
}

function choose(shares: readonly number[], u: number): number {
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
