import type { Description } from '../../trace/describe.js';
import { formatNumber } from '../number.js';

const LEVELS = ' ▁▂▃▄▅▆▇█';

/** Values as a line of blocks, from 0 to the largest. */
export function sparkline(values: readonly number[]): string {
  const most = Math.max(...values, 0);
  return values.map((value) => (most === 0 ? LEVELS[0] : LEVELS[Math.ceil((8 * value) / most)])).join('');
}

export function duration(s: number): string {
  if (s < 120) return `${formatNumber(s)} s`;
  if (s < 7200) return `${formatNumber(s / 60)} min`;
  return s < 172_800 ? `${formatNumber(s / 3600)} h` : `${formatNumber(s / 86_400)} days`;
}

/** What a stream looks like, as labels and texts. */
export function facts(d: Description): [label: string, text: string][] {
  const lines: [string, string][] = [
    ['requests', `${d.requests.toLocaleString('en')} in ${duration(d.duration_s)}`],
    ['rate', `mean ${formatNumber(d.mean_rate_rps)} /s, busiest ${duration(d.bin_s)} ${formatNumber(d.peak_rate_rps)} /s`],
  ];
  if (d.gaps !== undefined) {
    const { mean_ms, cv, p50_ms, p95_ms, max_ms, autocorrelation_lag1 } = d.gaps;
    lines.push(['gaps', `mean ${formatNumber(mean_ms)} ms, CV ${formatNumber(cv)}, median ${formatNumber(p50_ms)} ms, P95 ${formatNumber(p95_ms)} ms, longest ${duration(max_ms / 1000)}`]);
    if (autocorrelation_lag1 !== undefined) lines.push(['next gap', `correlation of a gap with the next ${formatNumber(autocorrelation_lag1)}`]);
  }
  if (d.simultaneous > 0) lines.push(['simultaneous', `${d.simultaneous.toLocaleString('en')} at the very time of the one before`]);
  if (d.with_slo > 0) lines.push(['with an SLO', d.with_slo.toLocaleString('en')]);
  if (d.dispersion.length > 0) lines.push(['dispersion', `${d.dispersion.map(({ window_s, index }) => `${formatNumber(index)} in ${duration(window_s)}`).join(', ')} (Poisson: 1)`]);
  if (d.autocorrelation.length > 0) lines.push(['correlation', d.autocorrelation.map(({ lag_s, r }) => `${r.toFixed(2).replace('-', '−')} after ${duration(lag_s)}`).join(', ')]);
  return lines;
}

/** What a stream looks like, for the terminal. @param name of the stream */
export function descriptionText(name: string, d: Description): string {
  const lines = facts(d);
  lines.push(['rate over time', `${sparkline(d.rate_rps.values)}`], ['', `each mark is ${duration(d.rate_rps.step_s)}`]);
  if (d.day_rps !== undefined) lines.push(['day', `${sparkline(d.day_rps)}  (24 hours from time 0)`]);
  return `${name}\n${lines.map(([label, text]) => `  ${label.padEnd(15)}${text}\n`).join('')}`;
}
