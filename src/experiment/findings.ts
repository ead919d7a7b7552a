import { stream } from '../random/stream.js';
import { metricNames, metrics, type MetricName } from '../scenario/metrics.js';
import { probabilityBest } from '../statistics/best.js';
import { holm } from '../statistics/holm.js';
import { pairedDifference } from '../statistics/paired.js';
import type { ResolvedAlternative } from '../scenario/scenario.js';
import type { Measured } from '../measurement/measurement.js';
import { mean, meanInterval } from '../statistics/summary.js';
import type { MetricValues } from './metrics.js';
import { withModelIntervals } from './model-uncertainty.js';
import type { AlternativeResult, Comparison, Detail, Difference, Metrics } from './result.js';
import { allValuesOf, completeOf, valuesOf, type Runs } from './runs.js';
import { verdictOf } from './verdict.js';

/** What is said of one alternative. */
export function resultOf(r: Runs, level: number): AlternativeResult {
  const { alternative, facts } = r;
  const decisions = Object.fromEntries(Object.entries(alternative.policies).map(([kind, { policy }]) => [kind, policy]));
  const head = { name: alternative.name, decisions, ...(facts && Object.keys(facts).length > 0 ? { facts } : {}) };
  const complete = completeOf(r);
  if (complete.length === 0)
    return { ...head, verdict: 'refused', refused: r.refused?.reason ?? 'interrupted before its first replication was complete', metrics: {} };
  const measured = complete.map((each) => each.measured);
  const { verdict, slope } = verdictOf(measured, alternative);
  const outside = measured.map((m) => Math.max(...m.outsideShare));
  return {
    ...head,
    verdict,
    ...(outside.some((share) => share > 0)
      ? { extrapolated_share: mean(outside), extrapolated_reason: measured.find((m) => m.outside !== undefined)!.outside! }
      : {}),
    backlog_slope_rps: slope,
    metrics: withModelIntervals(
      estimates(
        complete.map((each) => each.metrics),
        level,
      ),
      complete.map((each) => each.metrics),
      r.drawn.map((replications) => replications.map((each) => each?.metrics)),
    ),
    apps: Object.fromEntries(
      alternative.scenario.workload.map(({ app }) => [
        app,
        withModelIntervals(
          estimates(
            complete.map((each) => each.apps[app]),
            level,
          ),
          complete.map((each) => each.apps[app]),
          r.drawn.map((replications) => replications.map((each) => each?.apps[app])),
        ),
      ]),
    ),
    ...variantShares(measured, alternative),
  };
}

/** Which variants answered, of the apps that have some. */
function variantShares(runs: readonly Measured[], { scenario }: ResolvedAlternative): Pick<AlternativeResult, 'variants'> {
  const shares = scenario.workload.flatMap(({ app, stages }, index): [string, Record<string, number>][] => {
    const answering = runs.map((run) => run.apps[index]).filter(({ answeredBy, answered }) => answeredBy !== undefined && answered > 0);
    if (answering.length === 0) return [];
    const own: Record<string, number> = {};
    // A model that is named for two sites is one model here.
    for (const [v, { model }] of stages[stages.length - 1].variants!.entries()) own[model] = (own[model] ?? 0) + mean(answering.map(({ answeredBy, answered }) => answeredBy![v] / answered));
    return [[app, own]];
  });
  return shares.length > 0 ? { variants: Object.fromEntries(shares) } : {};
}

/** Estimates of all metrics, each over the replications that have it. */
function estimates(replications: readonly MetricValues[], level: number): Metrics {
  const result: Metrics = {};
  for (const metric of metricNames) {
    const values = replications.flatMap((each) => each[metric] ?? []);
    if (values.length === 0) continue;
    const { mean: centre, ci95 } = meanInterval(values, level);
    const within = metrics[metric].unit === 'fraction' ? ([Math.max(0, ci95[0]), Math.min(1, ci95[1])] satisfies [number, number]) : ci95;
    result[metric] = { mean: centre, ci95: within, ...(values.length < replications.length ? { replications: values.length } : {}) };
  }
  return result;
}

/** Paired differences between all alternatives that have the metric in every replication. */
export function differencesIn(runs: readonly Runs[], metric: MetricName, level: number): Difference[] {
  const have = runs.flatMap((r) => {
    const values = allValuesOf(r, metric);
    return values ? [{ name: r.alternative.name, values }] : [];
  });
  const found = have.flatMap((a, i) =>
    have.slice(i + 1).map((b) => {
      const difference = pairedDifference(a.values, b.values, level);
      return { a: a.name, b: b.name, metric, difference };
    }),
  );
  const adjusted = holm(found.map(({ difference }) => difference.pValue));
  return found.map(({ a, b, difference }, i) => ({
    a,
    b,
    metric,
    mean: difference.mean,
    ci95: difference.ci95,
    p_value: adjusted[i],
    p_a_better: difference.pABetter(metrics[metric].better),
  }));
}

/** Chance of each alternative to have the best mean. */
export function bestOf(runs: readonly Runs[], primary: MetricName): Record<string, number> {
  const have = runs.flatMap((r) => {
    const values = allValuesOf(r, primary);
    return values ? [{ name: r.alternative.name, values }] : [];
  });
  const shares = probabilityBest(
    have.map(({ values }) => values),
    metrics[primary].better,
    stream(runs[0].alternative.scenario.seed, 'best'),
  );
  return Object.fromEntries(have.map(({ name }, i) => [name, shares[i]]));
}

export function profilesOf(runs: readonly Runs[]): Comparison['profiles'] {
  const found = new Map<string, Comparison['profiles'][number]>();
  for (const { alternative } of runs)
    for (const { profile } of alternative.accelerators)
      found.set(profile.name, { name: profile.name, source: profile.source ?? [], assumptions: profile.assumptions ?? [] });
  return [...found.values()];
}

/** What a reader should know of the ranking: who is not in it although it ran. */
export function rankingNotes(runs: readonly Runs[], primary: MetricName): string[] {
  return runs.flatMap((r) => {
    const values = valuesOf(r, primary);
    const missing = values.filter((v) => v === undefined).length;
    if (missing === 0 || missing === values.length) return [];
    return [`${r.alternative.name} has no ${primary} in ${missing} of ${values.length} replications, so it is not ranked; a longer run would give it one.`];
  });
}

/** What the report draws, beyond the numbers. */
export function detailOf(runs: readonly Runs[]): Detail {
  const live = runs.filter((r) => completeOf(r).length > 0);
  return {
    recordings: live.flatMap(({ alternative, record }) => (record ? [{ alternative: alternative.name, ...record }] : [])),
    distributions: live.map(({ alternative, latencies }) => {
      const entries = latencies.entries();
      return { alternative: alternative.name, upper_ms: entries.map((e) => e.upperMs), count: entries.map((e) => e.count) };
    }),
  };
}

