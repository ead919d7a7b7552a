import type { Static } from '@sinclair/typebox';
import type { ContentionFit } from '../contention/fit/fit.js';
import type { IdleCost } from '../contention/fit/after-idle.js';
import { turnMs } from '../contention/fit/turns.js';
import type { AfterIdleSchema } from '../profile/schema.js';
import { meanOfQuantiles, type Spread } from '../random/service.js';
import { isSolo, type GroupKey } from '../contention/fit/group.js';
import { pooledSpread } from '../contention/fit/spread.js';
import { anchored } from './anchored.js';
import type { FitResult } from './fit-result.js';

/** Draws of what the fit leaves open that a profile states: twenty give the width of an interval to a sixth. */
export const DRAWS = 20;

/** Digits that a median of some dozens of rows deserves. */
export const rounded = (value: number, digits = 5): number => Number(value.toPrecision(digits));

/** Where the numbers of a fitted profile come from. */
export function sourceOf(fit: ContentionFit, result: FitResult): string[] {
  const combined = result.selected === 'combination' ? ` of ${result.models.filter((m) => m.weight > 0).map((m) => `${m.name} (${rounded(m.weight, 2)})`).join(', ')}` : '';
  const errors = [
    ['one group', result.cross_validation?.leave_one_out],
    ['more neighbours than seen', result.cross_validation?.extrapolation],
  ].flatMap(([what, e]) => (typeof e === 'object' ? [`${what as string} ${rounded(e.mape!, 3)} %`] : []));
  return [
    `corun fit ${result.files.join(' ')}: ${result.rows} rows, ${fit.points.length} groups; model ${result.selected}${combined}${fit.blockMs === undefined ? '' : `; rows joined to blocks of ${fit.blockMs} ms`}`,
    result.cross_validation?.mape === undefined ? 'the error could not be cross-validated' : `mean error on groups that were left out: ${errors.join(', ')}`,
  ];
}

/** The accelerator of a fitted profile, if its memory is known. */
export function acceleratorOf(fit: ContentionFit, { memory }: FitResult, name: string) {
  return fit.memory?.capacityMiB === undefined ? {} : { accelerator: { name, memory_mib: fit.memory.capacityMiB, ...(memory === undefined ? {} : { fixed_mib: rounded(memory.fixed_mib) }) } };
}

/** Times alone of batches, where more than one size was measured; in a profile of rows that are single batches. */
export function batchesOf(fit: ContentionFit, keys: readonly GroupKey[], mean: number): { batches?: { size: number[]; mean_ms: number[] } } {
  const points = keys
    .filter((k) => isSolo(k) && (k.units ?? 1) === 1)
    .flatMap((k) => {
      const log = anchored(fit).logMs(fit.situation(k));
      return log === undefined ? [] : [{ size: k.batch ?? 1, ms: rounded(Math.exp(log) * mean) }];
    })
    .sort((a, b) => a.size - b.size)
    .filter(({ size }, i, all) => all.findIndex((other) => other.size === size) === i);
  return points.length < 2 ? {} : { batches: { size: points.map((p) => p.size), mean_ms: points.map((p) => p.ms) } };
}

/** Names training jobs in a profile: by their model; further batch sizes of one model by `model-b32`, in the order of the file. */
export function trainingNames(fit: ContentionFit): (key: GroupKey) => string {
  const names = new Map<string, string>();
  const first = new Map<string, number | undefined>();
  return (key) => {
    const { model, batch } = fit.training(key);
    const id = `${model} ${batch ?? ''}`;
    if (!names.has(id)) {
      if (!first.has(model)) first.set(model, batch);
      names.set(id, `${model.replace('*', 'training')}${first.get(model) === batch || batch === undefined ? '' : `-b${batch}`}`);
    }
    return `${names.get(id)!}${key.phase === 'evaluate' ? '-evaluate' : ''}`;
  };
}

/** Fewer rows say nothing of the longest in forty. */
const FEWEST_ROWS = 200;
/** Steps between the quantiles that are stated. */
const STEPS = 40;

/**
 * Spread of the time alone from one unit of work to the next. Of a calibration it is as it was measured, each process about its own mean: times
 * scatter far to the right, and a lognormal distribution would have the median in the wrong place. Else, or of few rows, it is lognormal.
 */
export function spreadOf(fit: ContentionFit, model: string): { spread?: Spread } {
  if (fit.blockMs === undefined) return lognormalSpread(fit.spread.inference.row);
  const alone = fit.groups.filter((g) => g.workload === 'inference' && g.model === model && isSolo(g) && g.mode !== 'open');
  const least = Math.min(...alone.map((g) => g.batch ?? 1));
  const single = alone.filter((g) => (g.batch ?? 1) === least);
  const factors = Float64Array.from(
    single.flatMap(({ clusters }) =>
      clusters.flatMap(({ keptMs }) => {
        const mean = keptMs.reduce((sum, ms) => sum + ms, 0) / keptMs.length;
        return Array.from(keptMs, (ms) => ms / mean);
      }),
    ),
  ).sort();
  if (factors.length < FEWEST_ROWS) return lognormalSpread(pooledSpread(single).row);
  return { spread: { distribution: 'measured', quantiles: quantilesOf(factors) } };
}

/** Of ascending values with mean 1. The last is where it gives the last step the mean of its values: the longest of all is chance. */
function quantilesOf(factors: Float64Array): number[] {
  const quantiles = Array.from({ length: STEPS }, (_, i) => factors[Math.floor((i / STEPS) * factors.length)]);
  const last = factors.subarray(Math.floor((1 - 1 / STEPS) * factors.length));
  quantiles.push(Math.max(last[0], (2 * last.reduce((sum, f) => sum + f, 0)) / last.length - last[0]));
  const mean = meanOfQuantiles(quantiles);
  return quantiles.map((q) => rounded(q / mean, 4));
}

const lognormalSpread = (sigma: number): { spread?: Spread } => (sigma > 0 ? { spread: { distribution: 'lognormal', cv: rounded(Math.sqrt(Math.expm1(sigma * sigma)), 3) } } : {});

/** The stretches in which processes take turns, where that is how neighbours slow each other. */
export function turnsOf(fit: ContentionFit): { turn_ms?: number } {
  const ms = turnMs(fit);
  return ms === undefined ? {} : { turn_ms: rounded(ms, 3) };
}

/** Parts of the time alone of what was timed, where they were told apart. */
export function partsOf(fit: ContentionFit, key: GroupKey): { parts?: { decode_ms?: number; upload_ms?: number; readback_ms?: number } } {
  const readings = fit.points.find((p) => p.key === key)?.readings ?? {};
  const parts = Object.fromEntries((['decode_ms', 'upload_ms', 'readback_ms'] as const).flatMap((name) => (readings[name] === undefined ? [] : [[name, rounded(readings[name], 3)]])));
  return Object.keys(parts).length === 0 ? {} : { parts };
}

/** What an inference takes longer whose process was idle before it, where it was measured. */
export function afterIdleOf(fit: ContentionFit, model: string): { after_idle?: Static<typeof AfterIdleSchema> } {
  const costs = fit.afterIdle.get(model);
  if (costs === undefined) return {};
  const stated = ({ coolsMs, warmsMs, processes, addedMs, cv }: IdleCost) => ({ cools_ms: coolsMs, ...(warmsMs > 0 && { warms_ms: warmsMs }), processes, added_ms: addedMs.map((ms) => rounded(ms, 3)), ...(cv > 0 && { cv: rounded(cv, 2) }) });
  const { alone, besideTraining } = costs;
  return { after_idle: { ...(alone && { alone: stated(alone) }), ...(besideTraining && { beside_training: stated(besideTraining) }) } };
}
