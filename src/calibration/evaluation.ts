import { blockMeans } from '../contention/fit/blocks.js';
import { medianInterval, type MedianInterval } from '../statistics/median-interval.js';
import type { EvaluationProfile } from '../profile/schema.js';
import type { Entry } from './journal/journal.js';
import { BLOCK_MS } from './measure/series.js';
import { evaluates, jobsOf, type TrainingJob } from './plan/cell.js';
import { rounded } from './profile-parts.js';

/**
 * What was measured of a job that evaluates: the time of a batch alone, and for each inference model what a single job of it and the
 * evaluation do to each other. Factors are ratios of medians of blocks; their intervals add the relative half widths of both medians
 * in squares.
 *
 * @returns undefined if it was not measured alone
 */
export function evaluationOf(entries: readonly Entry[], job: TrainingJob): EvaluationProfile | undefined {
  const single = entries.filter(({ cell, measured }) => measured !== undefined && cell.kind === 'closed' && jobsOf(cell) <= 1);
  const own = single.filter(({ cell: { training } }) => evaluates(training) && training!.model === job.model && training!.batch === job.batch);
  const alone = middle(own.filter(({ cell }) => jobsOf(cell) === 0), 'training');
  if (alone === undefined) return undefined;
  const of = (some: readonly Entry[], model: string): Entry[] => some.filter(({ cell: { inference } }) => inference.length === 1 && inference[0].model === model && inference[0].batch === 1);
  const [slows, slowedBy]: Record<string, ReturnType<typeof ratio>>[] = [{}, {}];
  for (const model of new Set(own.flatMap(({ cell }) => cell.inference.map((jobs) => jobs.model)))) {
    const beside = of(own, model);
    const solo = middle(of(single.filter(({ cell }) => cell.training === undefined), model), 'inference');
    const inference = middle(beside, 'inference');
    if (solo !== undefined && inference !== undefined) slows[model] = ratio(inference, solo);
    slowedBy[model] = ratio(middle(beside, 'training')!, alone);
  }
  return { batch_ms: rounded(alone.median), ...(Object.keys(slows).length > 0 && { slows }), ...(Object.keys(slowedBy).length > 0 && { slowed_by: slowedBy }) };
}

function middle(entries: readonly Entry[], workload: 'inference' | 'training'): MedianInterval | undefined {
  const blocks = entries.flatMap(({ measured }) => measured!.series.filter((s) => s.workload === workload).flatMap(({ done }) => blockMeans(done.map(({ durationMs }) => durationMs), BLOCK_MS)));
  return blocks.length === 0 ? undefined : medianInterval(blocks);
}

function ratio(beside: MedianInterval, alone: MedianInterval): { factor: number; interval95?: [number, number] } {
  const factor = beside.median / alone.median;
  const half = Math.sqrt(beside.relativeHalfWidth * beside.relativeHalfWidth + alone.relativeHalfWidth * alone.relativeHalfWidth);
  return { factor: rounded(factor, 4), ...(half < 1 && { interval95: [rounded(factor * (1 - half), 4), rounded(factor * (1 + half), 4)] as [number, number] }) };
}
