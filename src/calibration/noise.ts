import { median } from '../contention/fit/medians.js';
import { theilSen } from '../statistics/theil-sen.js';

/** A solo run that watched the machine. */
export interface SoloRun {
  model: string;
  /** The middle of the run; hours do not matter, only differences. */
  atMs: number;
  medianMs: number;
  /** Robust coefficient of variation from one unit of work to the next. */
  rowCv: number;
}

/** What one job of a cell took in each repetition. */
export interface RepeatedCell {
  name: string;
  mediansMs: readonly number[];
}

/** How quiet the machine was. Shares of the time alone. */
export interface Noise {
  runs: number;
  /** Standard deviation of the medians of the solo runs about their trend, each model relative to its own. */
  spread: number;
  /** What the trend changed from the first to the last. */
  drift: number;
  /** The most that one of them was off the middle. */
  worst: number;
  /** The spread within a run, at the median over the runs; it is the model's own and decides nothing. */
  rowCv: number;
  /** Cells that were measured several times: standard deviation from one time to the next, and the cell that differed most. Absent without any. */
  repeated?: { cells: number; spread: number; worst: string };
  limits: NoiseLimits;
  verdict: 'quiet' | 'noisy' | 'unknown';
  /** Why, in one sentence. */
  because: string;
}

export interface NoiseLimits {
  spread: number;
  drift: number;
}

/** Fewer runs show no spread. */
const FEWEST = 4;

/** Who gets which turn differs from one co-run to the next, also on a quiet machine. */
const CO_RUNS = 2;

export const DEFAULT_LIMITS: NoiseLimits = { spread: 0.03, drift: 0.05 };

/**
 * Judges a machine by what the same work alone took at different times. Neighbours cannot be the reason for a difference, so it
 * is the machine: other programs, clocks, temperature. Cells that were measured again show what fell between two solo runs.
 */
export function judge(runs: readonly SoloRun[], limits: NoiseLimits = DEFAULT_LIMITS, cells: readonly RepeatedCell[] = []): Noise {
  const repeated = repeatedSpread(cells);
  const middles = new Map([...new Set(runs.map(({ model }) => model))].map((model) => [model, median(runs.filter((r) => r.model === model).map(({ medianMs }) => medianMs))]));
  const off = runs.map(({ model, medianMs }) => Math.log(medianMs / middles.get(model)!));
  const at = runs.map(({ atMs }) => atMs);
  const free = runs.length - middles.size;
  const rowCv = runs.length === 0 ? 0 : median(runs.map((r) => r.rowCv));
  if (runs.length < FEWEST || free < 2) return { runs: runs.length, spread: 0, drift: 0, worst: 0, rowCv, limits, verdict: 'unknown', because: `${runs.length} solo runs are too few to tell how quiet the machine was; ${FEWEST} and two more than models are needed` };
  const perMs = theilSen(at, off);
  const span = Math.max(...at) - Math.min(...at);
  const drift = Math.expm1(Math.abs(perMs) * span);
  const rest = off.map((y, i) => y - perMs * (at[i] - at[0]));
  const centre = rest.reduce((a, b) => a + b, 0) / rest.length;
  const spread = Math.sqrt(rest.reduce((sum, y) => sum + (y - centre) ** 2, 0) / Math.max(1, free - 1));
  const worst = Math.expm1(Math.max(...off.map(Math.abs)));
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const faults = [
    ...(spread > limits.spread ? [`the same work alone differed by ${percent(spread)} from time to time (allowed ${percent(limits.spread)}; the worst was off by ${percent(worst)})`] : []),
    ...(drift > limits.drift ? [`it drifted by ${percent(drift)} from beginning to end (allowed ${percent(limits.drift)})`] : []),
  ];
  if (repeated !== undefined && repeated.spread > CO_RUNS * limits.spread) faults.push(`cells that were measured again differed by ${percent(repeated.spread)} (allowed ${percent(CO_RUNS * limits.spread)}; most: ${repeated.worst})`);
  const because = faults.length > 0 ? faults.join(', and ') : `the same work alone differed by ${percent(spread)} from time to time, and drifted by ${percent(drift)}`;
  return { runs: runs.length, spread, drift, worst, rowCv, ...(repeated && { repeated }), limits, verdict: faults.length > 0 ? 'noisy' : 'quiet', because };
}

/** Pooled over the cells, each about its own mean, on the scale of logarithms. */
function repeatedSpread(cells: readonly RepeatedCell[]): Noise['repeated'] {
  let [squares, free, most, worst] = [0, 0, -1, ''];
  const several = cells.filter(({ mediansMs }) => mediansMs.length > 1);
  for (const { name, mediansMs } of several) {
    const logs = mediansMs.map(Math.log);
    const mean = logs.reduce((a, b) => a + b, 0) / logs.length;
    const own = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0);
    squares += own;
    free += logs.length - 1;
    if (own > most) [most, worst] = [own, name];
  }
  return free === 0 ? undefined : { cells: several.length, spread: Math.sqrt(squares / free), worst };
}
