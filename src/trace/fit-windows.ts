import { InputError } from '../input/error.js';
import type { Arrivals } from './arrivals.js';
import { MOST_BINS } from './counts-over-time.js';
import { MOST_WINDOWS, noRequests, twoStates, type MmppStates } from './fit.js';
import { stationaryShares } from './generators/mmpp.js';
import { Requests } from './mapped.js';

/** What `arrivals: { process: fitted-mmpp }` takes. */
export interface FittedMmppWindows {
  process: 'fitted-mmpp';
  windows: { for_s: number; states: MmppStates }[];
}

/**
 * A two-state Markov-modulated Poisson process for each window, fitted as `fitMmpp` does. Where it explains the window no better than a
 * Poisson stream, by the Bayesian information criterion (Schwarz, Annals of Statistics 6(2), 1978; three parameters more), the window has
 * one state. The rates are then scaled to give the window's number of requests in the mean.
 *
 * @param windowS length of a window in s, a multiple of `binS`; the last one ends with the trace
 * @param binS width of a bin in s: short beside the bursts, long enough to hold some requests
 * @throws {InputError} (rejects) if the stream is empty, a window is no multiple of a bin, or there are too many of either
 */
export async function fitMmppWindows(arrivals: Arrivals, windowS: number, binS: number): Promise<FittedMmppWindows> {
  const perWindow = Math.round(windowS / binS);
  if (perWindow < 1 || perWindow > MOST_BINS || Math.abs(perWindow * binS - windowS) > 1e-9 * windowS)
    throw new InputError(`windows of ${windowS} s with bins of ${binS} s: a window must be 1 to ${MOST_BINS} whole bins`);
  const windows: FittedMmppWindows['windows'] = [];
  const bins = new Float64Array(perWindow);
  const close = (for_s: number, used: number): void => {
    windows.push({ for_s, states: statesOf(bins.subarray(0, used), binS, for_s) });
    bins.fill(0);
  };
  const requests = new Requests(arrivals);
  let lastMs = NaN;
  try {
    while (await requests.next()) {
      lastMs = requests.timeMs;
      const bin = Math.floor(lastMs / (binS * 1000));
      const window = Math.floor(bin / perWindow);
      if (window >= MOST_WINDOWS) throw new InputError(`a request comes at ${lastMs / 1000} s, in window ${window + 1} of ${windowS} s; at most ${MOST_WINDOWS} are fitted: take longer windows, or cut a part out of the trace`);
      while (windows.length < window) close(windowS, perWindow);
      bins[bin - window * perWindow]++;
    }
  } finally {
    await requests.close();
  }
  if (Number.isNaN(lastMs)) throw noRequests();
  const leftS = Math.max(lastMs / 1000 - windows.length * windowS, 1e-3);
  close(leftS, Math.min(perWindow, Math.floor(leftS / binS) + 1));
  return { process: 'fitted-mmpp', windows };
}

function statesOf(bins: Float64Array, binS: number, forS: number): MmppStates {
  const count = bins.reduce((sum, n) => sum + n, 0);
  const rate_rps = count / forS;
  const poisson = [{ rate_rps, mean_s: forS }];
  if (count === 0) return poisson;
  const { states, likelihood } = twoStates(bins, binS);
  const perBin = count / bins.length;
  if (2 * (likelihood - (count * Math.log(perBin) - count)) <= 3 * Math.log(bins.length)) return poisson;
  const shares = stationaryShares(states);
  const scale = rate_rps / states.reduce((sum, state, k) => sum + shares[k] * state.rate_rps, 0);
  return states.map((state) => ({ rate_rps: state.rate_rps * scale, mean_s: state.mean_s }));
}
