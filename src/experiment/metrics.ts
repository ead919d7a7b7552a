import type { ResolvedAlternative } from '../scenario/scenario.js';
import type { MetricName } from '../scenario/metrics.js';
import { LatencyHistogram } from '../statistics/histogram.js';
import type { AppMeasured, Measured } from '../measurement/measurement.js';

/** Values of one replication; a metric that the run cannot produce is absent. */
export type MetricValues = Partial<Record<MetricName, number>>;

/** Metrics of the whole system in one replication. Formulas: docs/metrics.md. */
export function metricsOf(measured: Measured, alternative: ResolvedAlternative): MetricValues {
  const accelerators = alternative.accelerators.filter(({ site }) => alternative.scenario.sites[site].device !== true);
  const isServer = (id: number): boolean => alternative.scenario.sites[alternative.accelerators[id].site].device !== true;
  const seconds = measured.windowMs / 1000;
  const values = trafficMetrics(measured.apps, seconds);
  const epochs = measured.epochs.reduce((sum, e) => sum + e, 0);
  const answered = values.throughput_rps ?? 0;
  if (values.slo_attainment !== undefined) values.recovery_s = measured.disturbedS;
  if (measured.apps.length > 1) {
    const index = jain(measured.apps.flatMap(({ born, inTime }) => (born > 0 ? [inTime / born] : [])));
    if (index !== undefined) values.fairness_jain = index;
  }
  if (accelerators.every(({ profile }) => profile.accelerator?.power !== undefined) && answered > 0)
    values.energy_j_per_request = measured.energyJ.reduce((sum, e, id) => sum + (isServer(id) ? e : 0), 0) / (answered * seconds);
  const { learnt } = measured;
  if (learnt !== undefined) {
    values.deploys = learnt.deploys;
    if (learnt.falseAlarms !== undefined) values.false_alarms = learnt.falseAlarms;
    if (learnt.detections! > 0) values.detection_delay_s = learnt.detectionDelaySumMs! / learnt.detections! / 1000;
  }
  if (measured.duplicates !== undefined) {
    values.duplicated_share = measured.duplicates.share;
    if (measured.duplicates.wastedShare !== undefined) values.wasted_share = measured.duplicates.wastedShare;
  }
  values.oom_events = measured.outOfMemory;
  if (epochs > 0) values.epoch_s = (seconds * measured.epochs.length) / epochs;
  if (accelerators.length > 0) values.gpu_utilisation = mean(measured.busyShare.filter((_, id) => isServer(id)));
  values.gpus = accelerators.length;
  if (accelerators.every((a) => a.priceUsdPerHour !== undefined) && answered > 0) {
    const usdPerSecond = accelerators.reduce((sum, a) => sum + a.priceUsdPerHour!, 0) / 3600;
    values.usd_per_million = (usdPerSecond / answered) * 1e6;
  }
  return values;
}

/** Metrics of each app in one replication, by app name. */
export function appMetricsOf(measured: Measured, { scenario }: ResolvedAlternative): Record<string, MetricValues> {
  return Object.fromEntries(
    scenario.workload.map(({ app }, i) => [app, trafficMetrics([measured.apps[i]], measured.windowMs / 1000)]),
  );
}

/** What concerns requests and answers, over one or several apps. */
function trafficMetrics(apps: readonly AppMeasured[], seconds: number): MetricValues {
  const sum = (of: (app: AppMeasured) => number) => apps.reduce((total, app) => total + of(app), 0);
  const born = sum((a) => a.born);
  const answered = sum((a) => a.answered);
  const withSlo = sum((a) => a.withSlo);
  const values: MetricValues = {};
  if (seconds > 0) values.throughput_rps = sum((a) => a.answersInWindow) / seconds;
  if (seconds > 0 && withSlo > 0) values.goodput_rps = sum((a) => a.inTime) / seconds;
  if (born > 0) {
    if (withSlo > 0) values.slo_attainment = sum((a) => a.inSlo) / withSlo;
    values.rejected_share = sum((a) => a.rejected) / born;
    values.failed_share = sum((a) => a.failed) / born;
    values.unfinished_share = sum((a) => a.unfinished) / born;
  }
  if (answered > 0) {
    const histogram = new LatencyHistogram();
    for (const app of apps) histogram.merge(new LatencyHistogram(app.latencies));
    values.latency_mean_ms = sum((a) => a.latencySumMs) / answered;
    values.latency_p50_ms = histogram.quantile(0.5);
    values.latency_p95_ms = histogram.quantile(0.95);
    values.latency_p99_ms = histogram.quantile(0.99);
  }
  const told = apps.filter((a) => a.accuracySum !== undefined);
  if (told.length > 0) values.accuracy = told.reduce((total, a) => total + a.accuracySum!, 0) / told.reduce((total, a) => total + a.answered, 0);
  const bornToTold = told.reduce((total, a) => total + a.born, 0);
  if (bornToTold > 0) values.effective_accuracy = told.reduce((total, a) => total + a.inTimeAccuracySum!, 0) / bornToTold;
  const withPhones = apps.filter((a) => a.onDevice !== undefined && a.answered > 0);
  if (withPhones.length > 0) values.on_device_share = withPhones.reduce((total, a) => total + a.onDevice!, 0) / withPhones.reduce((total, a) => total + a.answered, 0);
  return values;
}

/**
 * Fairness of shares xᵢ ≥ 0: (Σx)² / (n Σx²), from 1/n (one has everything) to 1 (all have the same); undefined if nobody has anything.
 *
 * Source: Jain, Chiu, Hawe, DEC Research Report TR-301, 1984.
 */
function jain(shares: readonly number[]): number | undefined {
  const sum = shares.reduce((total, x) => total + x, 0);
  const squares = shares.reduce((total, x) => total + x * x, 0);
  return squares > 0 ? (sum * sum) / (shares.length * squares) : undefined;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}
