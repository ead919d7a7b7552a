import type { Comparison, Estimate, Metrics } from '../experiment/result.js';

type Field = string | number | undefined;

/** RFC 4180: a field with a comma, a quote or a line break is quoted, and quotes in it are doubled. Lines end with LF. */
export function csv(rows: Field[][]): string {
  const field = (value: Field): string => {
    const text = value === undefined ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => row.map(field).join(',') + '\n').join('');
}

const estimateColumns = ['mean', 'ci95_lo', 'ci95_hi', 'interval95_model_lo', 'interval95_model_hi'];

function estimateFields({ mean, ci95, interval95_model }: Estimate): Field[] {
  return [mean, ci95[0], ci95[1], interval95_model?.[0], interval95_model?.[1]];
}

/** One line per alternative, app (empty for all of them together) and metric. */
export function metricsCsv(comparison: Comparison): string {
  const rows = (alternative: string, app: string, metrics: Metrics): Field[][] =>
    Object.entries(metrics).map(([metric, estimate]) => [alternative, app, metric, ...estimateFields(estimate)]);
  return csv([
    ['alternative', 'app', 'metric', ...estimateColumns],
    ...comparison.alternatives.flatMap((a) => [
      ...rows(a.name, '', a.metrics),
      ...Object.entries(a.apps ?? {}).flatMap(([app, metrics]) => rows(a.name, app, metrics)),
    ]),
  ]);
}

/** One line per paired difference a − b. */
export function differencesCsv(comparison: Comparison): string {
  return csv([
    ['a', 'b', 'metric', 'mean', 'ci95_lo', 'ci95_hi', 'p_value', 'p_a_better'],
    ...comparison.differences.map((d) => [d.a, d.b, d.metric, d.mean, ...d.ci95, d.p_value, d.p_a_better]),
  ]);
}
