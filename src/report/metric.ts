import type { Comparison } from '../experiment/result.js';
import { metrics, type MetricName } from '../scenario/metrics.js';

/** How a metric is shown, and which end of it is good. Values of `percent` metrics are fractions in the data. */
export interface MetricStyle {
  title: string;
  /** For a narrow column head. */
  short: string;
  unit: string;
  percent: boolean;
  better: 'lower' | 'higher' | 'neither';
}

type Words = Omit<MetricStyle, 'better'>;

const number = (title: string, short: string, unit: string): Words => ({ title, short, unit, percent: false });
const share = (title: string, short: string): Words => ({ title, short, unit: '%', percent: true });

const words: Record<MetricName, Words> = {
  latency_mean_ms: number('mean latency', 'mean ms', 'ms'),
  latency_p50_ms: number('P50 latency', 'P50 ms', 'ms'),
  latency_p95_ms: number('P95 latency', 'P95 ms', 'ms'),
  latency_p99_ms: number('P99 latency', 'P99 ms', 'ms'),
  goodput_rps: number('goodput', 'good/s', 'requests/s'),
  throughput_rps: number('throughput', 'served/s', 'requests/s'),
  slo_attainment: share('SLO attainment', 'SLO'),
  accuracy: share('accuracy', 'accuracy'),
  effective_accuracy: share('effective accuracy', 'eff. acc.'),
  on_device_share: share('answered on the device', 'on device'),
  duplicated_share: share('duplicated', 'duplicated'),
  wasted_share: share('wasted worker time', 'wasted'),
  deploys: number('deploys', 'deploys', ''),
  detection_delay_s: number('detection delay', 'detect s', 's'),
  false_alarms: number('false alarms', 'false', ''),
  recovery_s: number('longest disturbance', 'recovery s', 's'),
  fairness_jain: number('fairness over apps', 'fairness', ''),
  rejected_share: share('rejected', 'rejected'),
  failed_share: share('failed', 'failed'),
  unfinished_share: share('unfinished', 'unfinished'),
  oom_events: number('out-of-memory events', 'OOM', ''),
  epoch_s: number('epoch time', 'epoch s', 's'),
  gpu_utilisation: share('GPU utilisation', 'GPU busy'),
  energy_j_per_request: number('energy per request', 'J/request', 'J'),
  gpus: number('GPUs', 'GPUs', ''),
  usd_per_million: number('cost per million requests', '$/million', 'USD'),
};

/** Words for a metric that is not listed here, from the unit at the end of its name. */
function spelledOut(name: string): Words {
  const text = name.replaceAll('_', ' ');
  if (name.endsWith('_ms')) return number(text.slice(0, -3), text, 'ms');
  if (name.endsWith('_s')) return number(text.slice(0, -2), text, 's');
  if (name.endsWith('_rps')) return number(text.slice(0, -4), text, 'requests/s');
  if (name.endsWith('_share')) return share(text, text);
  return number(text, text, '');
}

export function metricStyle(name: string): MetricStyle {
  if (!Object.hasOwn(words, name)) return { ...spelledOut(name), better: 'neither' };
  return { ...words[name as MetricName], better: metrics[name as MetricName].better };
}

const order = Object.keys(words);

/** Names of all metrics that some alternative has: the primary one first, then in the order of the list above, then the rest by name. */
export function metricNames(comparison: Comparison): string[] {
  const names = new Set(comparison.alternatives.flatMap((a) => Object.keys(a.metrics)));
  const rank = (name: string): number => {
    if (name === comparison.primary) return -1;
    const at = order.indexOf(name);
    return at < 0 ? order.length : at;
  };
  return [...names].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

const keyMetrics = ['latency_p95_ms', 'goodput_rps', 'slo_attainment', 'accuracy', 'epoch_s', 'gpus'];

/** The few metrics that are shown beside the primary one. */
export function keyMetricNames(comparison: Comparison): string[] {
  return keyMetrics.filter((name) => name !== comparison.primary && comparison.alternatives.some((a) => Object.hasOwn(a.metrics, name)));
}
