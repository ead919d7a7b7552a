import { InputError } from '../input/error.js';
import type { Arrivals } from './arrivals.js';
import { CountsOverTime, MOST_BINS } from './counts-over-time.js';
import { Requests } from './mapped.js';

/** Gaps that a window needs for its burstiness to be estimated; with fewer it is taken for Poisson. */
const LEAST_GAPS = 8;

/** More would be a file that no scenario wants to read; and a time far from the others would make windows until the memory is full. */
export const MOST_WINDOWS = 1_000_000;

/** What `arrivals: { process: fitted }` takes. */
export interface FittedGamma {
  process: 'fitted';
  windows: { for_s: number; rate_rps: number; cv: number }[];
}

/** What `arrivals: { process: mmpp }` takes. */
export interface FittedMmpp {
  process: 'mmpp';
  states: MmppStates;
}

export type MmppStates = { rate_rps: number; mean_s: number }[];

/**
 * Rate and coefficient of variation of the gaps, window by window, by the method of moments. A gap belongs to the window in which it
 * begins. The CV is that of the gaps as they would be at a constant rate of the window.
 *
 * @param windowS length of a window, in s; the last one ends with the trace
 * @throws {InputError} (rejects) if the stream is empty, or so long that it would have more than a million windows
 */
export async function fitGamma(arrivals: Arrivals, windowS: number): Promise<FittedGamma> {
  const requests = new Requests(arrivals);
  const windows: { count: number; gaps: number; sum: number; squares: number }[] = [];
  const at = (timeMs: number) => {
    const index = Math.floor(timeMs / (windowS * 1000));
    if (index >= MOST_WINDOWS) throw new InputError(`a request comes at ${timeMs / 1000} s, in window ${index + 1} of ${windowS} s; at most ${MOST_WINDOWS} are fitted: take longer windows, or cut a part out of the trace`);
    while (windows.length <= index) windows.push({ count: 0, gaps: 0, sum: 0, squares: 0 });
    return windows[index];
  };
  let beforeMs = NaN;
  try {
    while (await requests.next()) {
      const { timeMs } = requests;
      at(timeMs).count++;
      if (!Number.isNaN(beforeMs)) {
        const began = at(beforeMs);
        const gapMs = timeMs - beforeMs;
        // A gap that leads far beyond its window is the pause that the next windows' rates tell of.
        if (gapMs <= windowS * 1000) {
          began.gaps++;
          began.sum += gapMs;
          began.squares += gapMs * gapMs;
        }
      }
      beforeMs = timeMs;
    }
  } finally {
    await requests.close();
  }
  if (windows.length === 0) throw noRequests();
  const durationS = beforeMs / 1000;
  return {
    process: 'fitted',
    windows: windows.map(({ count, gaps, sum, squares }, i) => {
      const for_s = i === windows.length - 1 ? Math.max(durationS - i * windowS, 1e-3) : windowS;
      const mean = sum / gaps;
      const cv = gaps < LEAST_GAPS || mean === 0 ? 1 : Math.sqrt(Math.max(0, squares / gaps - mean * mean)) / mean;
      return { for_s, rate_rps: count / for_s, cv: Math.min(100, Math.max(0.01, cv)) };
    }),
  };
}

export function noRequests(): InputError {
  return new InputError('there are no requests, so nothing can be fitted to them');
}

const MOST_STEPS = 500;

/**
 * A two-state Markov-modulated Poisson process, by expectation maximisation of a hidden Markov model with Poisson counts per bin.
 *
 * Source: MacDonald and Zucchini, Hidden Markov and Other Models for Discrete-valued Time Series, 1997; the bin stands for continuous
 * time as in Rydén, Computational Statistics and Data Analysis 21(4), 1996.
 *
 * @param binS width of a bin, in s: short beside the bursts, long enough to hold some requests
 * @throws {InputError} (rejects) if the stream is empty, or too long for bins of this width
 */
export async function fitMmpp(arrivals: Arrivals, binS: number): Promise<FittedMmpp> {
  const counts = new CountsOverTime(binS * 1000);
  const requests = new Requests(arrivals);
  try {
    while (await requests.next()) counts.add(requests.timeMs);
  } finally {
    await requests.close();
  }
  const { bins, widthMs } = counts;
  const widthS = widthMs / 1000;
  if (bins.length === 0) throw noRequests();
  // The counts were joined to wider bins than were asked for, and their states would be others.
  if (widthMs > binS * 1000) throw new InputError(`bins of ${binS} s are too many for this trace: at most ${MOST_BINS} are fitted; take bins of ${widthS} s or more, or cut a part out of the trace`);
  return { process: 'mmpp', states: twoStates(bins, widthS).states };
}

/** The two states that explain the counts best, calm first, and the logarithm of their likelihood without the factorials. */
export function twoStates(bins: Float64Array, widthS: number): { states: MmppStates; likelihood: number } {
  const mean = bins.reduce((sum, n) => sum + n, 0) / bins.length;
  let rate = [mean * 0.5, mean * 2];
  let stay = [0.9, 0.9];
  let before = -Infinity;
  for (let step = 0; step < MOST_STEPS; step++) {
    const { likelihood, occupied, moved, seen } = expectation(bins, rate, stay);
    rate = occupied.map((time, k) => Math.max(seen[k] / Math.max(time, 1e-9), 1e-9));
    stay = occupied.map((time, k) => Math.min(1 - 1e-9, Math.max(1e-9, 1 - moved[k] / Math.max(time, 1e-9))));
    const gain = likelihood - before;
    before = likelihood;
    if (gain < 1e-9 * Math.abs(likelihood)) break;
  }
  const order = rate[0] <= rate[1] ? [0, 1] : [1, 0];
  return { states: order.map((k) => ({ rate_rps: rate[k] / widthS, mean_s: widthS / (1 - stay[k]) })), likelihood: before };
}

/** Forward-backward over two states, scaled in each bin. */
function expectation(counts: Float64Array, rate: readonly number[], stay: readonly number[]) {
  const n = counts.length;
  const go = [
    [stay[0], 1 - stay[0]],
    [1 - stay[1], stay[1]],
  ];
  const leave = [1 - stay[0], 1 - stay[1]];
  const start = [leave[1] / (leave[0] + leave[1]), leave[0] / (leave[0] + leave[1])];
  const forward = new Float64Array(2 * n);
  const emitted = new Float64Array(2 * n);
  const scale = new Float64Array(n);
  let likelihood = 0;
  for (let t = 0; t < n; t++) {
    // Up to a factor that both states share: λᵏ e^−λ over that of the more likely state.
    const logs = rate.map((lambda) => counts[t] * Math.log(lambda) - lambda);
    const most = Math.max(logs[0], logs[1]);
    for (let k = 0; k < 2; k++) {
      emitted[2 * t + k] = Math.exp(logs[k] - most);
      const prior = t === 0 ? start[k] : forward[2 * t - 2] * go[0][k] + forward[2 * t - 1] * go[1][k];
      forward[2 * t + k] = prior * emitted[2 * t + k];
    }
    scale[t] = forward[2 * t] + forward[2 * t + 1];
    forward[2 * t] /= scale[t];
    forward[2 * t + 1] /= scale[t];
    likelihood += Math.log(scale[t]) + most;
  }
  const occupied = [0, 0];
  const moved = [0, 0];
  const seen = [0, 0];
  let backward = [1, 1];
  for (let t = n - 1; t >= 0; t--) {
    for (let k = 0; k < 2; k++) {
      const here = forward[2 * t + k] * backward[k];
      seen[k] += here * counts[t];
      occupied[k] += here;
    }
    if (t === 0) break;
    const after = [0, 1].map((j) => emitted[2 * t + j] * backward[j]);
    for (let k = 0; k < 2; k++) moved[k] += (forward[2 * t - 2 + k] * go[k][1 - k] * after[1 - k]) / scale[t];
    backward = [0, 1].map((k) => (go[k][0] * after[0] + go[k][1] * after[1]) / scale[t]);
  }
  return { likelihood, occupied, moved, seen };
}
