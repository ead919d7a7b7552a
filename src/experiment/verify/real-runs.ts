import type { Measured } from '../../measurement/measurement.js';
import type { MetricName } from '../../scenario/metrics.js';
import type { ResolvedAlternative } from '../../scenario/scenario.js';
import { LatencyHistogram } from '../../statistics/histogram.js';
import { metricsOf, type MetricValues } from '../metrics.js';
import type { RealRun } from './real-run.js';
import type { RealRequest } from './result.js';
import type { SentRequest } from './send-on-time.js';
import type { TimedAlone } from './speed.js';

/** Metrics that a simulation knows and no real run measures: how right the answers are, energy, and what follows from the scenario alone. */
const NOT_MEASURED: readonly MetricName[] = ['accuracy', 'effective_accuracy', 'deploys', 'detection_delay_s', 'false_alarms', 'energy_j_per_request', 'gpus', 'usd_per_million'];
const OUTCOMES = ['answered', 'rejected', 'failed', 'unfinished'] as const;
/** Requests that are written down of each run, evenly thinned. */
const ROWS_PER_RUN = 20_000;

/** The finished real runs of one alternative. */
export class RealRuns {
  readonly metrics: MetricValues[] = [];
  readonly latencies = new LatencyHistogram();
  readonly lateness = new LatencyHistogram();
  readonly requests: RealRequest[] = [];
  readonly mishaps = new Set<string>();
  /** An image alone, by run, where nothing may train. */
  readonly alone: TimedAlone[] = [];
  workers: string[][] | undefined;
  /** Runs that were thrown away since others took too much of the processors, and those that were kept all the same. */
  thrownAway = 0;
  keptDisturbed = 0;
  /** The most that others took, 0 to 1. */
  mostOthers = 0;
  /** Requests per second that were sent in the last run. */
  offeredRps = 0;
  latestMs = 0;
  private readonly alternative: ResolvedAlternative;

  constructor(alternative: ResolvedAlternative) {
    this.alternative = alternative;
  }

  /** @param run its number among those of the alternative, from 0 */
  add(run: number, { measured, requests, workers, mishaps, alone }: RealRun): void {
    this.metrics.push(measuredMetrics(measured, this.alternative));
    for (const { latencies } of measured.apps) this.latencies.merge(new LatencyHistogram(latencies));
    for (const mishap of mishaps) this.mishaps.add(mishap);
    if (alone !== undefined) this.alone.push(alone);
    this.workers ??= workers;
    this.offeredRps = (1000 * requests.length) / measured.windowMs;
    const every = Math.ceil(requests.length / ROWS_PER_RUN);
    requests.forEach((request, i) => {
      const lateMs = Math.max(0, request.sentMs - request.dueMs);
      this.lateness.add(lateMs);
      this.latestMs = Math.max(this.latestMs, lateMs);
      if (i % every === 0) this.requests.push(this.row(run, request));
    });
  }

  /** @param share of the processors that others took during a run */
  disturbed(share: number, isThrownAway: boolean): void {
    this.mostOthers = Math.max(this.mostOthers, share);
    if (isThrownAway) this.thrownAway++;
    else this.keptDisturbed++;
  }

  private row(run: number, { app, dueMs, sentMs, endedMs, outcome, sloMs }: SentRequest): RealRequest {
    return {
      alternative: this.alternative.name,
      run,
      app: this.alternative.scenario.workload[app].app,
      due_ms: dueMs,
      sent_ms: sentMs,
      ...(!Number.isNaN(endedMs) && { ended_ms: endedMs }),
      outcome: outcome === undefined ? 'unfinished' : OUTCOMES[outcome],
      ...(sloMs < Infinity && { slo_ms: sloMs }),
    };
  }
}

function measuredMetrics(measured: Measured, alternative: ResolvedAlternative): MetricValues {
  const values = metricsOf(measured, alternative);
  for (const name of NOT_MEASURED) delete values[name];
  return values;
}
