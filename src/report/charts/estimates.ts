import type { Comparison } from '../../experiment/result.js';
import { keyMetricNames, metricStyle } from '../metric.js';
import { formatEstimate } from '../number.js';
import { ranked } from '../sentences.js';
import { logTicks, numberLabel, thin, type Chart, type Panel } from './chart.js';
import { alternativeToken } from './theme.js';

/** Beyond this ratio of the largest to the smallest value the axis is logarithmic. */
const WIDE = 20;

function panel(comparison: Comparison, metric: string): Panel | undefined {
  const style = metricStyle(metric);
  const scale = style.percent ? 100 : 1;
  const rows = ranked(comparison).flatMap((a) => {
    const e = a.metrics[metric];
    if (e === undefined || !Number.isFinite(e.mean)) return [];
    const [lo, hi] = e.ci95.map((v) => (Number.isFinite(v) ? v : e.mean));
    const model = e.interval95_model?.map((v) => thin(v * scale));
    return [
      {
        name: a.name,
        mean: thin(e.mean * scale),
        lo: thin(lo * scale),
        hi: thin(hi * scale),
        text: formatEstimate(e, style, { withUnit: true }),
        ...(model === undefined ? {} : { model_lo: model[0], model_hi: model[1] }),
      },
    ];
  });
  if (rows.length === 0 || (metric !== comparison.primary && rows.every((r) => r.lo === r.hi))) return undefined;
  const ends = rows.flatMap((r) => [r.lo, r.hi, r.mean, r.model_lo ?? r.mean, r.model_hi ?? r.mean]);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const log = !style.percent && least > 0 && most / least > WIDE;
  const names = rows.map((r) => r.name);
  const index = (name: string): number => comparison.alternatives.findIndex((a) => a.name === name);
  const title = `${style.title}${style.unit === '' ? '' : ` (${style.unit})`}`;
  const x = {
    type: 'quantitative',
    scale: log
      ? { type: 'log', domain: [thin(least * 0.85), thin(most * 1.18)], nice: false }
      : { zero: least >= 0 && least < most * 0.5, padding: 12 },
    axis: {
      title: log ? 'log scale' : null,
      labelExpr: numberLabel,
      grid: true,
      ...(log ? { values: logTicks(least * 0.85, most * 1.18) } : { tickCount: 5 }),
    },
  };
  const y = { field: 'name', type: 'nominal', scale: { domain: names }, axis: { title: null, labelLimit: 128, labelOverlap: false } };
  const color = { field: 'name', type: 'nominal', scale: { domain: names, range: names.map((n) => alternativeToken(index(n))) }, legend: null };
  const modelled = rows.some((r) => r.model_lo !== undefined);
  const tooltip = [
    { field: 'name', title: 'alternative' },
    { field: 'text', title: 'mean', type: 'nominal' },
    ...(modelled
      ? [
          { field: 'model_lo', title: 'with the fit, from', type: 'quantitative', format: ',.4~r' },
          { field: 'model_hi', title: 'to', type: 'quantitative', format: ',.4~r' },
        ]
      : []),
  ];
  const direction = style.better === 'neither' ? '' : ` – ${style.better} is better`;
  return {
    title: title + direction,
    alt: `${title}: ${rows.map((r) => `${r.name} ${r.text}`).join(', ')}.`,
    data: { [`estimate_${metric}`]: rows },
    spec: {
      width: 'container',
      height: rows.length * 28,
      data: { name: `estimate_${metric}` },
      encoding: { y, color, tooltip },
      layer: [
        ...(modelled
          ? [
              {
                mark: { type: 'rule', strokeWidth: 9, opacity: 0.28, strokeCap: 'round' },
                encoding: { x: { ...x, field: 'model_lo' }, x2: { field: 'model_hi' } },
              },
            ]
          : []),
        { mark: { type: 'rule', strokeWidth: 2.5 }, encoding: { x: { ...x, field: 'lo' }, x2: { field: 'hi' } } },
        { mark: { type: 'point', filled: true, size: 75, opacity: 1 }, encoding: { x: { ...x, field: 'mean' } } },
      ],
    },
  };
}

/** Means with their intervals: the primary metric first, then the key ones. */
export function estimates(comparison: Comparison): Chart {
  const names = [comparison.primary, ...keyMetricNames(comparison)];
  const panels = names.map((name) => panel(comparison, name)).filter((p) => p !== undefined);
  const modelled = comparison.alternatives.some((a) => names.some((n) => a.metrics[n]?.interval95_model !== undefined));
  return {
    id: 'estimates',
    title: 'Estimates',
    about:
      'Dots are means over the replications, bars their 95 % intervals: how far the simulation itself may be off. They shrink with more replications.' +
      (modelled ? ' The pale bands add the uncertainty of the fitted contention model, which does not.' : ''),
    legend: [],
    panels,
    layout: 'pairs',
    ...(panels.length === 0 ? { note: 'No alternative produced a metric.' } : {}),
  };
}
