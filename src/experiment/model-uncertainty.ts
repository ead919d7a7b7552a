import { drawCount } from '../profile/drawn.js';
import { type MetricName, metricNames, metrics } from '../scenario/metrics.js';
import { criticalT } from '../statistics/summary.js';
import type { MetricValues } from './metrics.js';
import type { Estimate, Metrics } from './result.js';
import type { Finished, Runs } from './runs.js';

/** Replications of each draw: two, so that what is due to the draw can be told from chance. */
export const PER_DRAW = 2;

/** Replications of one alternative on each draw of what its profiles leave open; undefined where it could not be carried out. */
export type Drawn = readonly (readonly (Pick<Finished, 'metrics' | 'apps'> | undefined)[])[];

/** How many draws an alternative is simulated on: as many as are asked for and its profiles state. */
export function drawsOf({ alternative, refused }: Runs): number {
  if (refused !== undefined) return 0;
  const stated = alternative.accelerators.map(({ profile }) => drawCount(profile)).filter((n) => n > 0);
  return stated.length === 0 ? 0 : Math.min(alternative.scenario.measure.parameter_draws, ...stated);
}

/** Fewer draws say too little of a spread. */
const LEAST_DRAWS = 2;

/**
 * Adds `interval95_model` to estimates. The uncertainty of the fit is the mean squared difference that a draw makes to a metric, in
 * replications with the same random numbers, less what chance makes of it (an analysis of variance in one way); it is added to the
 * Monte-Carlo error as independent errors are. It does not become less with more replications.
 *
 * @param nominal the first replications on the profiles as they are
 * @param drawn by draw and replication
 */
export function withModelIntervals(estimates: Metrics, nominal: readonly MetricValues[], drawn: readonly (readonly (MetricValues | undefined)[])[]): Metrics {
  return Object.fromEntries(
    metricNames.flatMap((name) => {
      if (!Object.hasOwn(estimates, name)) return [];
      const estimate = estimates[name];
      const found = betweenDraws(name, nominal, drawn);
      return [[name, found === undefined ? estimate : { ...estimate, interval95_model: widened(estimate, found.sd * criticalT(found.draws + 1, 0.95), metrics[name].unit === 'fraction') }]];
    }),
  );
}

function betweenDraws(name: MetricName, nominal: readonly MetricValues[], drawn: readonly (readonly (MetricValues | undefined)[])[]): { sd: number; draws: number } | undefined {
  const differences = drawn
    .map((replications) => replications.flatMap((r, i) => (r?.[name] === undefined || nominal[i]?.[name] === undefined ? [] : [r[name] - nominal[i][name]])))
    .filter((d) => d.length > 0);
  // Where most draws cannot be carried out, those that can do not stand for them.
  if (differences.length < LEAST_DRAWS || differences.length < drawn.length / 2) return undefined;
  let [squares, chance] = [0, 0];
  for (const d of differences) {
    const mean = d.reduce((a, b) => a + b, 0) / d.length;
    squares += mean * mean;
    if (d.length > 1) chance += d.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (d.length - 1) / d.length;
  }
  return { sd: Math.sqrt(Math.max(0, squares - chance) / differences.length), draws: differences.length };
}

function widened({ mean, ci95: [lo, hi] }: Estimate, half: number, isShare: boolean): [number, number] {
  const wide: [number, number] = [mean - together(mean - lo, half), mean + together(hi - mean, half)];
  return isShare ? [Math.max(0, wide[0]), Math.min(1, wide[1])] : wide;
}

const together = (a: number, b: number): number => Math.sqrt(a * a + b * b);
