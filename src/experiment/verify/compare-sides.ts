import { metricNames, metrics, type MetricName } from '../../scenario/metrics.js';
import type { MetricValues } from '../metrics.js';
import type { AlternativeResult, Metrics } from '../result.js';
import { judge, realValues, worst, type Judgement } from './judge.js';
import type { VerifiedMetric } from './result.js';
import type { Tolerances } from './tolerances.js';

/**
 * Sets every metric that real runs measured beside its prediction.
 *
 * @param real by run
 * @param others what simpler predictors say, and the same prediction at the speed that the machine had
 * @returns the metrics in the order of their list, and the worst verdict of those that are judged
 */
export function compareSides(
  real: readonly MetricValues[],
  predicted: AlternativeResult['metrics'],
  others: { noContention: Metrics; lookedUp: MetricValues; atThatSpeed: Metrics | undefined },
  tolerances: Tolerances,
  noiseCap: number,
): { verdict: Judgement; metrics: Record<string, VerifiedMetric> } {
  const found: [MetricName, VerifiedMetric][] = metricNames.flatMap((name): [MetricName, VerifiedMetric][] => {
    const values = real.flatMap((run) => run[name] ?? []);
    const tolerance = tolerances[name];
    const estimate = Object.hasOwn(predicted, name) ? predicted[name] : undefined;
    if (values.length === 0 && (tolerance === undefined || estimate === undefined)) return [];
    const isShare = metrics[name].unit === 'fraction';
    const measured = values.length > 0 ? realValues(values, isShare) : undefined;
    const { noContention, lookedUp, atThatSpeed } = others;
    const simpler = { ...(Object.hasOwn(noContention, name) && { no_contention: noContention[name].mean }), ...(lookedUp[name] !== undefined && { looked_up: lookedUp[name] }) };
    const both = { ...(measured && { real: measured }), ...(estimate && { predicted: estimate }), ...(atThatSpeed && Object.hasOwn(atThatSpeed, name) && { at_speed: atThatSpeed[name].mean }), naive: simpler };
    if (measured !== undefined && estimate !== undefined) {
      const { error_percent, verdict } = judge(measured, estimate.mean, { tolerance: tolerance ?? Infinity, noiseCap, isShare });
      return [[name, { ...both, ...(error_percent !== undefined && { error_percent }), ...(tolerance !== undefined && { tolerance_percent: tolerance, verdict }) }]];
    }
    // What only one side has cannot be held against the other.
    return [[name, { ...both, ...(tolerance !== undefined && { tolerance_percent: tolerance, verdict: 'inconclusive' as const }) }]];
  });
  return { verdict: worst(found.flatMap(([, { verdict }]) => verdict ?? [])), metrics: Object.fromEntries(found) };
}
