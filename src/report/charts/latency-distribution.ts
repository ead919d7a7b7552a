import type { Comparison, Detail, Distribution } from '../../experiment/result.js';
import { formatNumber } from '../number.js';
import { durationLabel, logTicks, thin, type Chart, type Rows } from './chart.js';
import { alternativeDash, alternativeToken, nameToken, token } from './theme.js';

const POINTS = 160;

/** Share of answers within `ms`. Bins are narrow, and empty ones are left out, so the histogram is read as steps at its upper edges. */
export function shareWithin({ upper_ms, count }: Pick<Distribution, 'upper_ms' | 'count'>): (ms: number) => number {
  const total = count.reduce((sum, n) => sum + n, 0);
  const below: number[] = [];
  let sum = 0;
  for (const n of count) below.push((sum += n));
  return (ms) => {
    let i = 0;
    while (i < upper_ms.length && upper_ms[i] <= ms) i++;
    return i === 0 ? 0 : below[i - 1] / total;
  };
}

function quantile(d: Distribution, q: number): number {
  const total = d.count.reduce((sum, n) => sum + n, 0);
  let sum = 0;
  for (let i = 0; i < d.count.length; i++) if ((sum += d.count[i]) >= q * total) return d.upper_ms[i];
  return NaN;
}

/** Cumulative distribution of latency over all replications, one line per alternative. */
export function latencyDistribution(comparison: Comparison, detail: Detail): Chart {
  const shown = comparison.alternatives.flatMap((a, index) => {
    const d = detail.distributions.find((x) => x.alternative === a.name);
    return d !== undefined && d.count.some((n) => n > 0) ? [{ name: a.name, index, d }] : [];
  });
  const chart: Chart = {
    id: 'latency-distribution',
    title: 'How long answers took',
    about:
      'Share of the answered requests whose latency was at most the one on the axis; further left is better. The dashed line marks the 95th percentile.',
    legend: shown.map(({ name, index }) => ({ label: name, colour: alternativeToken(index), mark: index < 8 ? 'line' : 'dashed' })),
    panels: [],
    layout: 'wide',
  };
  if (shown.length === 0) return { ...chart, note: 'No request was answered under any alternative.' };

  const edges = shown.flatMap(({ d }) => d.upper_ms.filter((ms, i) => d.count[i] > 0 && ms > 0 && Number.isFinite(ms)));
  const lo = Math.min(1e6, ...edges) / 1.1;
  const hi = Math.max(lo, ...edges) * 1.05;
  const within = shown.map(({ d }) => shareWithin(d));
  const rows: Rows = [];
  for (let i = 0; i < POINTS; i++) {
    const ms = lo * Math.exp((i / (POINTS - 1)) * Math.log(hi / lo));
    rows.push({ ms: thin(ms), ...Object.fromEntries(shown.map(({ index }, k) => [`a${index}`, thin(within[k](ms))])) });
  }
  const fields = shown.map(({ index }) => `a${index}`);
  const x = {
    field: 'ms',
    type: 'quantitative',
    scale: { type: 'log', domain: [thin(lo), thin(hi)], nice: false },
    axis: { title: 'latency (log scale)', values: logTicks(lo, hi), labelExpr: durationLabel, grid: true },
  };
  chart.panels.push({
    alt: `Cumulative latency distribution. 95th percentiles: ${shown.map(({ name, d }) => `${name} ${formatNumber(quantile(d, 0.95))} ms`).join(', ')}.`,
    data: { latency_distribution: rows },
    spec: {
      width: 'container',
      height: 320,
      data: { name: 'latency_distribution' },
      layer: [
        {
          transform: [{ fold: fields, as: ['alternative', 'share'] }],
          mark: { type: 'line', strokeWidth: 2, interpolate: 'monotone', clip: true },
          encoding: {
            x,
            y: { field: 'share', type: 'quantitative', scale: { domain: [0, 1] }, axis: { title: null, format: '%', tickCount: 5 } },
            color: {
              field: 'alternative',
              type: 'nominal',
              scale: { domain: fields, range: shown.map((s) => alternativeToken(s.index)) },
              legend: null,
            },
            strokeDash: {
              field: 'alternative',
              type: 'nominal',
              scale: { domain: fields, range: shown.map((s) => alternativeDash(s.index)) },
              legend: null,
            },
          },
        },
        {
          data: { values: [{}] },
          mark: { type: 'rule', strokeDash: [4, 4], color: token('muted') },
          encoding: { y: { datum: 0.95, type: 'quantitative' } },
        },
        {
          params: [{ name: 'at', select: { type: 'point', fields: ['ms'], nearest: true, on: 'pointerover', clear: 'pointerout' } }],
          mark: { type: 'rule', strokeWidth: 1 },
          encoding: {
            x,
            opacity: { condition: { param: 'at', empty: false, value: 0.7 }, value: 0 },
            tooltip: [
              { field: 'ms', title: 'within ms', format: ',.3~r' },
              ...shown.map(({ index }) => ({ field: `a${index}`, title: nameToken(index), format: '.1%', type: 'quantitative' })),
            ],
          },
        },
      ],
    },
  });
  return chart;
}
