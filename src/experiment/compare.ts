import { stream } from '../random/stream.js';
import { metrics, type MetricName } from '../scenario/metrics.js';
import type { ResolvedAlternative } from '../scenario/scenario.js';
import type { Measured, WarmUpSeries } from '../simulator/measurement.js';
import { probabilityBest } from '../statistics/best.js';
import { LatencyHistogram } from '../statistics/histogram.js';
import { holm } from '../statistics/holm.js';
import { mserCut } from '../statistics/mser.js';
import { pairedDifference } from '../statistics/paired.js';
import { isPrecise, levelWithLooks, nextLook } from '../statistics/stopping.js';
import { meanInterval } from '../statistics/summary.js';
import { isStationary } from './arrivals.js';
import { appMetricsOf, metricsOf, type MetricValues } from './metrics.js';
import type { Pool } from './pool.js';
import type { Replication } from './replication.js';
import type { AlternativeResult, Comparison, Detail, Difference, Metrics } from './result.js';
import { verdictOf } from './verdict.js';

export interface CompareOptions {
  /** What the result calls the scenario, usually its path as given. */
  scenario: string;
  pool: Pool;
  /** Also record replication 0 of each alternative in detail. */
  detail?: { rows: number; spans: number };
  onProgress?: (progress: Progress) => void;
  /** Keeps what is finished and stops. */
  signal?: AbortSignal;
}

export interface Progress {
  /** Replications finished, over all alternatives, and how many there will be up to the next look. */
  done: number;
  next: number;
  /** How many there can be at most. */
  most: number;
}

/** What is kept of one replication. Its latencies are not: forty kilobytes per app and replication add up. */
interface Finished {
  measured: Measured;
  metrics: MetricValues;
  apps: Record<string, MetricValues>;
}

/** All replications of one alternative. */
interface Runs {
  alternative: ResolvedAlternative;
  finished: (Finished | undefined)[];
  refused: string | undefined;
  facts: Replication['facts'];
  record: Replication['record'];
  latencies: LatencyHistogram;
}

/**
 * Runs every alternative with the same draws, until the primary metric of each is known precisely enough.
 *
 * Replication i of all alternatives shares its random numbers, so differences are paired. Results do not depend on the pool.
 *
 * @throws InputError if a trace or a researcher's policy turns out to be broken
 */
export async function compare(alternatives: readonly ResolvedAlternative[], options: CompareOptions): Promise<{ comparison: Comparison; detail: Detail }> {
  const { pool, signal } = options;
  const { scenario } = alternatives[0];
  const { primary, replications: limits } = scenario.measure;
  const runs: Runs[] = alternatives.map((alternative) => ({
    alternative,
    finished: [],
    refused: undefined,
    facts: undefined,
    record: undefined,
    latencies: new LatencyHistogram(),
  }));

  const warmUpMs = await findWarmUp(runs, pool);
  const level = levelWithLooks(limits.max);
  let looked = 0;
  let stopped: Comparison['stopped'] = 'maximum';
  let done = 0;
  while (looked < limits.max) {
    const look = Math.min(limits.max, Math.max(limits.min, nextLook(looked, limits.max)));
    const live = runs.filter((r) => r.refused === undefined);
    if (live.length === 0) break;
    // Replication by replication, so that an interruption leaves the same number of each alternative.
    const tasks = Array.from({ length: look - looked }, (_, i) => live.map((r) => ({ r, replication: looked + i }))).flat();
    const reached = await runAll(tasks, pool, signal, async ({ r, replication }) => {
      if (r.refused !== undefined) return;
      const record = replication === 0 ? options.detail : undefined;
      keep(r, replication, await pool.run({ alternative: r.alternative, replication, warmUpMs, record }));
      done++;
      options.onProgress?.({ done, next: look * live.length, most: limits.max * live.length });
    });
    if (!reached) {
      stopped = 'interrupted';
      break;
    }
    looked = look;
    const precise = runs.every((r) => {
      const values = valuesOf(r, primary);
      return values === undefined || isPrecise(meanInterval(values, level), limits.relative_half_width);
    });
    if (precise) {
      stopped = 'precise';
      break;
    }
  }
  const complete = completeReplications(runs);
  for (const r of runs) r.finished.length = complete;

  const wanted = [...new Set<MetricName>([primary, ...scenario.measure.metrics])];
  const comparison: Comparison = {
    schema: 'corun/comparison@1',
    scenario: options.scenario,
    ...(scenario.title === undefined ? {} : { title: scenario.title }),
    seed: scenario.seed,
    primary,
    replications: complete,
    stopped,
    ...(warmUpMs > 0 ? { warm_up_s: warmUpMs / 1000 } : {}),
    alternatives: runs.map((r) => resultOf(r, level)),
    differences: complete === 0 ? [] : wanted.flatMap((metric) => differencesIn(runs, metric, level)),
    best: complete === 0 ? {} : bestOf(runs, primary),
    profiles: profilesOf(runs),
  };
  return { comparison, detail: detailOf(runs) };
}

/**
 * Works on the tasks in their order, as many at once as keep the pool's threads busy.
 *
 * @returns whether all were done: after the signal no further one is begun, and those that were begun are finished
 */
async function runAll<T>(tasks: readonly T[], pool: Pool, signal: AbortSignal | undefined, run: (task: T) => Promise<void>): Promise<boolean> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < tasks.length && !signal?.aborted) await run(tasks[next++]);
  };
  await Promise.all(Array.from({ length: pool.threads === 1 ? 1 : 2 * pool.threads }, work));
  return next === tasks.length;
}

/** A common cut for all alternatives, by MSER-5 on a pilot run of each; 0 where a warm-up makes no sense or is not wanted. */
async function findWarmUp(runs: readonly Runs[], pool: Pool): Promise<number> {
  const { scenario } = runs[0].alternative;
  if (scenario.measure.warm_up === 'none' || !isStationary(scenario)) return 0;
  const pilots = await Promise.all(runs.map(({ alternative }) => pool.run({ alternative, replication: -1, warmUpMs: 0, series: true })));
  return Math.max(0, ...pilots.map(({ series }) => (series === undefined ? 0 : cutOf(series))));
}

function cutOf({ latencyMs, bornMs }: WarmUpSeries): number {
  const cut = mserCut(latencyMs);
  return cut === 0 ? 0 : bornMs[cut];
}

function keep(r: Runs, replication: number, { measured, refused, facts, record }: Replication): void {
  if (refused !== undefined) r.refused ??= refused;
  if (replication === 0) {
    r.facts = facts;
    r.record = record;
  }
  if (measured === undefined) return;
  const { alternative } = r;
  r.finished[replication] = { measured, metrics: metricsOf(measured, alternative), apps: appMetricsOf(measured, alternative) };
  for (const app of measured.apps) {
    r.latencies.merge(new LatencyHistogram(app.latencies));
    app.latencies = NO_LATENCIES;
  }
}

const NO_LATENCIES = new Float64Array(0);

/** Replications that every alternative has finished, without a gap. */
function completeReplications(runs: readonly Runs[]): number {
  const live = runs.filter((r) => r.refused === undefined);
  if (live.length === 0) return 0;
  return Math.min(
    ...live.map(({ finished }) => {
      let n = 0;
      while (n < finished.length && finished[n] !== undefined) n++;
      return n;
    }),
  );
}

/** The replications that count, once the list has been cut to them. */
const completeOf = (r: Runs): Finished[] => (r.refused === undefined ? (r.finished as Finished[]) : []);

/** Values of a metric by replication; undefined if some replication has none. */
function valuesOf(r: Runs, metric: MetricName): number[] | undefined {
  const values = completeOf(r).map((each) => each.metrics[metric]);
  return values.length > 0 && values.every((v): v is number => v !== undefined) ? values : undefined;
}

function resultOf(r: Runs, level: number): AlternativeResult {
  const { alternative, facts } = r;
  const decisions = Object.fromEntries(Object.entries(alternative.policies).map(([kind, { policy }]) => [kind, policy]));
  const head = { name: alternative.name, decisions, ...(facts && Object.keys(facts).length > 0 ? { facts } : {}) };
  const complete = completeOf(r);
  if (complete.length === 0)
    return { ...head, verdict: 'refused', refused: r.refused ?? 'interrupted before its first replication was complete', metrics: {} };
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
    metrics: estimates(
      complete.map((each) => each.metrics),
      level,
    ),
    apps: Object.fromEntries(
      alternative.scenario.workload.map(({ app }) => [
        app,
        estimates(
          complete.map((each) => each.apps[app]),
          level,
        ),
      ]),
    ),
  };
}

/** Estimates of all metrics that every replication has. */
function estimates(replications: readonly MetricValues[], level: number): Metrics {
  const result: Metrics = {};
  for (const metric of Object.keys(metrics) as MetricName[]) {
    const values = replications.map((each) => each[metric]);
    if (values.length === 0 || !values.every((v): v is number => v !== undefined)) continue;
    const { mean: centre, ci95 } = meanInterval(values, level);
    result[metric] = { mean: centre, ci95 };
  }
  return result;
}

function differencesIn(runs: readonly Runs[], metric: MetricName, level: number): Difference[] {
  const have = runs.flatMap((r) => {
    const values = valuesOf(r, metric);
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

function bestOf(runs: readonly Runs[], primary: MetricName): Record<string, number> {
  const have = runs.flatMap((r) => {
    const values = valuesOf(r, primary);
    return values ? [{ name: r.alternative.name, values }] : [];
  });
  const shares = probabilityBest(
    have.map(({ values }) => values),
    metrics[primary].better,
    stream(runs[0].alternative.scenario.seed, 'best'),
  );
  return Object.fromEntries(have.map(({ name }, i) => [name, shares[i]]));
}

function profilesOf(runs: readonly Runs[]): Comparison['profiles'] {
  const found = new Map<string, Comparison['profiles'][number]>();
  for (const { alternative } of runs)
    for (const { profile } of alternative.accelerators)
      found.set(profile.name, { name: profile.name, source: profile.source ?? [], assumptions: profile.assumptions ?? [] });
  return [...found.values()];
}

function detailOf(runs: readonly Runs[]): Detail {
  const live = runs.filter((r) => completeOf(r).length > 0);
  return {
    recordings: live.flatMap(({ alternative, record }) => (record ? [{ alternative: alternative.name, ...record }] : [])),
    distributions: live.map(({ alternative, latencies }) => {
      const entries = latencies.entries();
      return { alternative: alternative.name, upper_ms: entries.map((e) => e.upperMs), count: entries.map((e) => e.count) };
    }),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}
