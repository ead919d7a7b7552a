import { Type } from '@sinclair/typebox';
import { InputError } from '../../input/error.js';
import { bounded, defineGenerator, requestCount } from '../generator.js';
import { choose, MmppState, stationaryShares } from './mmpp.js';

const Window = Type.Object(
  {
    for_s: Type.Number({ exclusiveMinimum: 0, description: 'how long the window lasts' }),
    states: Type.Array(MmppState, { minItems: 1, maxItems: 2, description: 'calm and bursts; one state is a Poisson stream' }),
  },
  { additionalProperties: false },
);

export default defineGenerator({
  name: 'fitted-mmpp',
  about: 'A Poisson stream that jumps between calm and bursts, with other rates in each window, as they were fitted to a trace with `corun trace fit --model mmpp --bin-s`.',
  source: 'Markov-modulated Poisson process, window by window; each window begins in a state drawn by its share of the time.',
  stationary: false,
  options: Type.Object(
    {
      file: Type.Optional(Type.String({ minLength: 1, description: 'what `corun trace fit` wrote, relative to the scenario; or the windows themselves' })),
      windows: Type.Optional(Type.Array(Window, { minItems: 1, description: 'the windows in order; the stream ends after the last one' })),
      requests: requestCount,
    },
    { additionalProperties: false },
  ),
  create({ windows = [], requests }, random, untilMs) {
    if (windows.length === 0) throw new InputError('arrivals of process fitted-mmpp: exactly one of file and windows is needed');
    let window = -1;
    let state = 0;
    let nowMs = 0;
    let endMs = 0;
    let changeMs = 0;
    const exponentialMs = (meanS: number): number => -Math.log(1 - random()) * meanS * 1000;

    /** The next window, or the next state within it. Says whether there is one. */
    function change(): boolean {
      if (changeMs < endMs) {
        nowMs = changeMs;
        state = 1 - state;
      } else {
        if (endMs > untilMs || ++window === windows.length) return false;
        nowMs = endMs;
        endMs += windows[window].for_s * 1000;
        state = windows[window].states.length === 1 ? 0 : choose(stationaryShares(windows[window].states), random());
      }
      const { states } = windows[window];
      changeMs = states.length === 1 ? endMs : Math.min(endMs, nowMs + exponentialMs(states[state].mean_s));
      return true;
    }

    return bounded('fitted-mmpp', requests ?? Number.MAX_SAFE_INTEGER, untilMs, (timeMs) => {
      for (let i = 0; i < timeMs.length; i++) {
        for (;;) {
          const rate = window < 0 ? 0 : windows[window].states[state].rate_rps;
          const bornMs = rate > 0 ? nowMs + exponentialMs(1 / rate) : Infinity;
          if (bornMs < changeMs) {
            nowMs = timeMs[i] = bornMs;
            break;
          }
          // An exponential gap forgets how long it has lasted, so it is drawn anew after each change.
          if (!change()) return i;
        }
      }
      return timeMs.length;
    });
  },
});
