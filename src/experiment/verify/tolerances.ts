import { InputError } from '../../input/error.js';
import { didYouMean } from '../../input/nearest.js';
import { metricNames, metrics, type MetricName } from '../../scenario/metrics.js';

/** How far a prediction may be off, by metric: in percent of the real value, or in percentage points where the metric is a share. */
export type Tolerances = Partial<Record<MetricName, number>>;

/** Metrics without an entry are shown and not judged. */
export const DEFAULT_TOLERANCES: Tolerances = { throughput_rps: 3, latency_p50_ms: 5, latency_p95_ms: 10, epoch_s: 5 };

/**
 * Reads `metric=percent` as given to `--tolerance`; `metric=none` takes a metric out of the judgement.
 *
 * @throws InputError with the nearest name
 */
export function tolerancesOf(texts: readonly string[]): Tolerances {
  const tolerances: Tolerances = { ...DEFAULT_TOLERANCES };
  for (const text of texts) {
    const [name, value, ...rest] = text.split('=');
    if (value === undefined || value === '' || rest.length > 0) throw new InputError(`--tolerance ${text}: write METRIC=PERCENT, for example --tolerance latency_p95_ms=15, or METRIC=none`);
    if (!Object.hasOwn(metrics, name)) throw new InputError(`--tolerance ${text}: no metric is called ${JSON.stringify(name)}${didYouMean(name, metricNames) || withPart(name)}\nAllowed: ${metricNames.join(', ')}`);
    const percent = Number(value);
    if (value === 'none') delete tolerances[name as MetricName];
    else if (percent > 0 && percent < Infinity) tolerances[name as MetricName] = percent;
    else throw new InputError(`--tolerance ${text}: a number of percent above 0 is needed, or none`);
  }
  return tolerances;
}

/** Metrics that have the word between their underscores: `p95` is `latency_p95_ms`. */
function withPart(word: string): string {
  const found = metricNames.filter((name) => name.split('_').includes(word));
  return found.length === 0 ? '' : `; did you mean ${found.join(' or ')}?`;
}
