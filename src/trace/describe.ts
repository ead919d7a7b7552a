import { LatencyHistogram } from '../statistics/histogram.js';
import type { Arrivals } from './arrivals.js';
import { CountsOverTime } from './counts-over-time.js';
import { Requests } from './mapped.js';

/** What a stream of requests looks like. Absent: not enough requests to say. */
export interface Description {
  schema: 'corun/trace-description@1';
  requests: number;
  /** From 0 to the last request, in s, and when the first one comes. */
  duration_s: number;
  first_s: number;
  /** Over the whole duration, and in the busiest bin of that width. */
  mean_rate_rps: number;
  peak_rate_rps: number;
  bin_s: number;
  /** Requests at exactly the time of the one before. */
  simultaneous: number;
  with_slo: number;
  gaps?: { mean_ms: number; cv: number; p50_ms: number; p95_ms: number; p99_ms: number; max_ms: number; autocorrelation_lag1?: number; quantiles: { p: number; ms: number }[] };
  /** Variance over mean of the counts in windows of this length: 1 for a Poisson stream, 0 for an even one, more for bursts. */
  dispersion: { window_s: number; index: number }[];
  /** Of the counts per bin, by lag. */
  autocorrelation: { lag_s: number; r: number }[];
  /** Mean rate by part of the day, if the trace is at least a day long. */
  day_rps?: number[];
  /** Rate over time, in at most 96 steps. */
  rate_rps: { step_s: number; values: number[] };
}

const STEPS = 96;
const PERCENTS = [1, 2, 5, ...Array.from({ length: 18 }, (_, i) => 10 + 5 * i), 98, 99, 99.5, 99.9];
const LEAST_WINDOWS = 10;
const DAY_S = 86_400;

/**
 * Reads a stream to its end and describes it. Memory does not grow with it.
 *
 * @param onProgress called now and then with the number of requests read
 */
export async function describe(arrivals: Arrivals, onProgress?: (requests: number) => void): Promise<Description> {
  const requests = new Requests(arrivals);
  const counts = new CountsOverTime(100);
  const histogram = new LatencyHistogram();
  const gaps = new Moments();
  let count = 0;
  let simultaneous = 0;
  let withSlo = 0;
  let firstMs = 0;
  let beforeMs = 0;
  let maxMs = 0;
  try {
    for (;;) {
      const next = requests.next();
      if (!(typeof next === 'boolean' ? next : await next)) break;
      const { timeMs } = requests;
      counts.add(timeMs);
      if (count === 0) firstMs = timeMs;
      else {
        const gapMs = timeMs - beforeMs;
        histogram.add(gapMs);
        gaps.add(gapMs);
        if (gapMs === 0) simultaneous++;
        if (gapMs > maxMs) maxMs = gapMs;
      }
      if (!Number.isNaN(requests.sloMs)) withSlo++;
      beforeMs = timeMs;
      if (++count % 1_000_000 === 0) onProgress?.(count);
    }
  } finally {
    await requests.close();
  }
  const durationS = beforeMs / 1000;
  const bins = atLeastOneSecond(counts);
  const description: Description = {
    schema: 'corun/trace-description@1',
    requests: count,
    duration_s: durationS,
    first_s: firstMs / 1000,
    mean_rate_rps: durationS > 0 ? count / durationS : 0,
    peak_rate_rps: bins.values.reduce((most, n) => Math.max(most, n), 0) / bins.widthS,
    bin_s: bins.widthS,
    simultaneous,
    with_slo: withSlo,
    dispersion: dispersionOf(bins),
    autocorrelation: autocorrelationOf(bins),
    rate_rps: rateOver(bins),
  };
  if (gaps.count > 1)
    description.gaps = {
      mean_ms: gaps.mean,
      cv: gaps.mean > 0 ? Math.sqrt(gaps.variance) / gaps.mean : 0,
      p50_ms: histogram.quantile(0.5),
      p95_ms: histogram.quantile(0.95),
      p99_ms: histogram.quantile(0.99),
      max_ms: maxMs,
      quantiles: PERCENTS.map((percent) => ({ p: percent / 100, ms: histogram.quantile(percent / 100) })),
      ...(gaps.variance > 0 && gaps.count > 2 ? { autocorrelation_lag1: gaps.lag1 } : {}),
    };
  if (durationS >= DAY_S) description.day_rps = dayOf(bins);
  return description;
}

interface Bins {
  widthS: number;
  values: Float64Array;
}

function atLeastOneSecond({ bins, widthMs }: CountsOverTime): Bins {
  const per = Math.max(1, Math.ceil(1000 / widthMs));
  return { widthS: (widthMs * per) / 1000, values: joined(bins, per) };
}

/** Sums of so many neighbours; an incomplete last one is left out, unless it is all there is. */
function joined(values: Float64Array, per: number): Float64Array {
  if (per === 1) return values;
  const complete = Math.max(1, Math.floor(values.length / per));
  return Float64Array.from({ length: complete }, (_, i) => {
    let sum = 0;
    for (let j = i * per; j < Math.min(values.length, (i + 1) * per); j++) sum += values[j];
    return sum;
  });
}

function meanAndVariance(values: Float64Array): { mean: number; variance: number } {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return { mean, variance: values.reduce((sum, v) => sum + (v - mean) * (v - mean), 0) / (values.length - 1) };
}

function dispersionOf({ widthS, values }: Bins): Description['dispersion'] {
  const found: Description['dispersion'] = [];
  for (let per = 1; values.length / per >= LEAST_WINDOWS; per *= 4) {
    const { mean, variance } = meanAndVariance(joined(values, per));
    if (mean > 0) found.push({ window_s: widthS * per, index: variance / mean });
  }
  return found;
}

function autocorrelationOf({ widthS, values }: Bins): Description['autocorrelation'] {
  if (values.length < LEAST_WINDOWS) return [];
  const { mean, variance } = meanAndVariance(values);
  if (variance === 0) return [];
  const lags = [1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600].filter((lag) => lag <= values.length / 4);
  return lags.map((lag) => {
    let sum = 0;
    for (let i = 0; i + lag < values.length; i++) sum += (values[i] - mean) * (values[i + lag] - mean);
    return { lag_s: lag * widthS, r: sum / (values.length - 1) / variance };
  });
}

function rateOver({ widthS, values }: Bins): Description['rate_rps'] {
  const per = Math.max(1, Math.ceil(values.length / STEPS));
  return { step_s: per * widthS, values: Array.from(joined(values, per), (n) => n / (per * widthS)) };
}

/** Mean rate in each of 24 parts of the day; time 0 is taken for midnight. */
function dayOf({ widthS, values }: Bins): number[] {
  const sums = new Array<number>(24).fill(0);
  const seconds = new Array<number>(24).fill(0);
  values.forEach((n, i) => {
    const part = Math.floor((((i * widthS) % DAY_S) / DAY_S) * 24);
    sums[part] += n;
    seconds[part] += widthS;
  });
  return sums.map((sum, part) => sum / seconds[part]);
}

/** Mean, variance and lag-1 autocorrelation of values as they come. */
class Moments {
  count = 0;
  mean = 0;
  private squares = 0;
  private first = NaN;
  private before = NaN;
  private products = 0;
  private sum = 0;

  add(value: number): void {
    this.count++;
    const change = value - this.mean;
    this.mean += change / this.count;
    this.squares += change * (value - this.mean);
    if (this.count === 1) this.first = value;
    else this.products += this.before * value;
    this.sum += value;
    this.before = value;
  }

  get variance(): number {
    return this.squares / (this.count - 1);
  }

  get lag1(): number {
    const { count, mean, first, before, sum } = this;
    const covariance = (this.products - mean * (sum - first + (sum - before)) + (count - 1) * mean * mean) / (count - 1);
    return covariance / this.variance;
  }
}
