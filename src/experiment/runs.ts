import type { MetricName } from '../scenario/metrics.js';
import type { ResolvedAlternative } from '../scenario/scenario.js';
import type { Measured } from '../measurement/measurement.js';
import { LatencyHistogram } from '../statistics/histogram.js';
import { appMetricsOf, metricsOf, type MetricValues } from './metrics.js';
import type { Replication } from './replication.js';

/** What is kept of one replication. Its latencies are not: forty kilobytes per app and replication add up. */
export interface Finished {
  measured: Measured;
  metrics: MetricValues;
  apps: Record<string, MetricValues>;
}

/** All replications of one alternative. */
export interface Runs {
  alternative: ResolvedAlternative;
  finished: (Finished | undefined)[];
  /** By draw of what the profiles leave open, and replication. */
  drawn: (Pick<Finished, 'metrics' | 'apps'> | undefined)[][];
  /** The first replication that could not be carried out, and why. */
  refused: { replication: number; reason: string } | undefined;
  facts: Replication['facts'];
  record: Replication['record'];
  latencies: LatencyHistogram;
}

/** Nothing yet. */
export function noRuns(alternative: ResolvedAlternative): Runs {
  return { alternative, finished: [], drawn: [], refused: undefined, facts: undefined, record: undefined, latencies: new LatencyHistogram() };
}

/** Adds a replication, in whatever order they come in. */
export function keep(r: Runs, replication: number, { measured, refused, facts, record }: Replication): void {
  // Of several refusals the first one's reason, so that it does not depend on which thread was faster.
  if (refused !== undefined && !(r.refused !== undefined && r.refused.replication < replication)) r.refused = { replication, reason: refused };
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

/** Adds a replication on a draw; one that could not be carried out leaves a gap. */
export function keepDrawn(r: Runs, draw: number, replication: number, { measured }: Replication): void {
  const at = (r.drawn[draw] ??= []);
  at[replication] = measured && { metrics: metricsOf(measured, r.alternative), apps: appMetricsOf(measured, r.alternative) };
}

const NO_LATENCIES = new Float64Array(0);

/** Replications that every alternative has finished, without a gap. */
export function completeReplications(runs: readonly Runs[]): number {
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
export const completeOf = (r: Runs): Finished[] => (r.refused === undefined ? (r.finished as Finished[]) : []);

/** Values of a metric by replication, undefined where there is none, as of the latency where nothing was answered. */
export function valuesOf(r: Runs, metric: MetricName): (number | undefined)[] {
  return completeOf(r).map((each) => each.metrics[metric]);
}

/** As `valuesOf`, if every replication has one; undefined otherwise. */
export function allValuesOf(r: Runs, metric: MetricName): number[] | undefined {
  const values = valuesOf(r, metric);
  return values.length > 0 && values.every((v): v is number => v !== undefined) ? values : undefined;
}

