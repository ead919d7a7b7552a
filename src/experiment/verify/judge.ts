import { quantileSorted, samples, sortSamples } from '../../statistics/samples.js';

/** What repeated real runs gave of one metric. */
export interface RealValues {
  median: number;
  /** Quartiles of the runs; with one run both are its value. */
  quartiles: [number, number];
  /** Between the quartiles, in percent of the median (of a share: in points); absent with one run. */
  spread_percent?: number;
  /** By run, in the order in which they were run. */
  values: number[];
}

/** `ok`: within the tolerance. `off`: beyond it. `inconclusive`: real runs differ too much to say. */
export type Judgement = 'ok' | 'off' | 'inconclusive';

export interface Judged {
  /** Predicted less real, in percent of the real median (of a share: in points); absent where the real median is 0 and the prediction is not. */
  error_percent?: number;
  verdict: Judgement;
}

/** @param isShare errors and spreads are in percentage points */
export function realValues(values: readonly number[], isShare: boolean): RealValues {
  const sorted = sortSamples(samples(values));
  const [low, median, high] = [0.25, 0.5, 0.75].map((p) => quantileSorted(sorted, p));
  const spread = values.length < 2 ? undefined : percentOf(high - low, median, isShare);
  return { median, quartiles: [low, high], ...(spread !== undefined && { spread_percent: spread }), values: [...values] };
}

/**
 * Sets a prediction beside real runs.
 *
 * Above the noise cap the verdict is `inconclusive`, unless every single run is beyond the tolerance on the same side: then it is `off`
 * however much they differ.
 *
 * @param tolerance and `noiseCap` in percent of the real value, or in points of a share
 */
export function judge(real: RealValues, predicted: number, { tolerance, noiseCap, isShare }: { tolerance: number; noiseCap: number; isShare: boolean }): Judged {
  const error = percentOf(predicted - real.median, real.median, isShare);
  const head = error === undefined ? {} : { error_percent: error };
  const sides = new Set(real.values.map((value) => side(percentOf(predicted - value, value, isShare), tolerance)));
  if ((real.spread_percent ?? 0) > noiseCap) return { ...head, verdict: sides.size === 1 && !sides.has(0) ? 'off' : 'inconclusive' };
  return { ...head, verdict: side(error, tolerance) === 0 ? 'ok' : 'off' };
}

/** −1 below, 0 within, 1 above. */
function side(error: number | undefined, tolerance: number): number {
  if (error === undefined) return 1;
  return Math.abs(error) <= tolerance ? 0 : Math.sign(error);
}

/** Undefined where something is to be a percentage of nothing. */
export function percentOf(value: number, whole: number, isShare: boolean): number | undefined {
  if (isShare) return 100 * value;
  if (value === 0) return 0;
  return whole === 0 ? undefined : (100 * value) / whole;
}

/** The worst of several: `off` before `inconclusive` before `ok`. */
export function worst(verdicts: readonly Judgement[]): Judgement {
  return (['off', 'inconclusive'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'ok';
}
