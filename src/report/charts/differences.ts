import type { Comparison } from '../../experiment/result.js';
import { metricStyle } from '../metric.js';
import { formatNumber, formatP, formatShare } from '../number.js';
import { difference, isShown, ranked } from '../sentences.js';
import { numberLabel, symlogTicks, thin, type Chart, type Panel } from './chart.js';
import { alternativeToken, token } from './theme.js';

const WIDE = 50;

function panel(comparison: Comparison, metric: string, reference: string): Panel | undefined {
  const style = metricStyle(metric);
  const scale = style.percent ? 100 : 1;
  const unit = style.percent ? 'percentage points' : style.unit;
  const rows = ranked(comparison).flatMap(({ name }) => {
    const d = name === reference ? undefined : difference(comparison, name, reference, metric);
    if (d === undefined || !Number.isFinite(d.mean)) return [];
    const [lo, hi] = d.ci95.map((v) => (Number.isFinite(v) ? v : d.mean) * scale);
    return [
      {
        name,
        mean: thin(d.mean * scale),
        lo: thin(lo),
        hi: thin(hi),
        shown: isShown(d) ? 'yes' : 'no',
        interval: `${formatNumber(lo)} to ${formatNumber(hi)} ${unit}`,
        p: formatP(d.p_value),
        better: formatShare(d.p_a_better),
      },
    ];
  });
  if (rows.length === 0) return undefined;
  const sizes = rows.flatMap((r) => [Math.abs(r.lo), Math.abs(r.hi)]).filter((v) => v > 0);
  const wide = sizes.length > 0 && Math.max(...sizes) / Math.min(...rows.map((r) => Math.abs(r.mean) || Infinity)) > WIDE;
  const constant = Math.min(...rows.map((r) => Math.max(Math.abs(r.mean), Math.abs(r.hi - r.lo)) || Infinity));
  const names = rows.map((r) => r.name);
  const title = `${style.title}${unit === '' ? '' : ` (${unit})`}`;
  const better = style.better === 'neither' ? '' : `, ${style.better === 'lower' ? 'right' : 'left'} of zero is worse than ${reference}`;
  const ends = [0, ...rows.flatMap((r) => [r.lo, r.hi])];
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const margin = (most - least) * 0.06;
  const domain = [least < 0 ? least * 1.3 : -constant / 4, most > 0 ? most * 1.3 : constant / 4];
  const x = {
    type: 'quantitative',
    scale: wide
      ? { type: 'symlog', constant: thin(constant), domain: domain.map(thin), nice: false }
      : { domain: [thin(least - margin), thin(most + margin)], nice: false },
    axis: {
      title: wide ? 'symmetric log scale' : null,
      labelExpr: numberLabel,
      grid: true,
      ...(wide ? { values: symlogTicks(domain[0], domain[1], constant) } : { tickCount: 5 }),
    },
  };
  const color = {
    field: 'name',
    type: 'nominal',
    scale: { domain: names, range: names.map((n) => alternativeToken(comparison.alternatives.findIndex((a) => a.name === n))) },
    legend: null,
  };
  return {
    title: title + better,
    alt: `Difference to ${reference} in ${title}: ${rows.map((r) => `${r.name} ${formatNumber(r.mean)} (${r.interval}, ${r.p})`).join('; ')}.`,
    data: { [`difference_${metric}`]: rows },
    spec: {
      width: 'container',
      height: rows.length * 28,
      data: { name: `difference_${metric}` },
      encoding: {
        y: { field: 'name', type: 'nominal', scale: { domain: names }, axis: { title: null, labelLimit: 128, labelOverlap: false } },
        tooltip: [
          { field: 'name', title: 'alternative' },
          { field: 'mean', title: 'difference', format: '+,.4~r', type: 'quantitative' },
          { field: 'interval', title: '95 % interval', type: 'nominal' },
          { field: 'p', title: 'Holm-corrected', type: 'nominal' },
          { field: 'better', title: 'probability of being better', type: 'nominal' },
        ],
      },
      layer: [
        {
          data: { values: [{}] },
          mark: { type: 'rule', strokeWidth: 1.25, color: token('ink'), tooltip: null },
          encoding: { x: { datum: 0, ...x }, y: null, tooltip: null },
        },
        { mark: { type: 'rule', strokeWidth: 2.5 }, encoding: { x: { ...x, field: 'lo' }, x2: { field: 'hi' }, color } },
        {
          mark: { type: 'point', size: 75, opacity: 1, strokeWidth: 2 },
          encoding: {
            x: { ...x, field: 'mean' },
            color,
            fill: {
              condition: { test: "datum.shown === 'no'", value: token('surface') },
              field: 'name',
              type: 'nominal',
              scale: color.scale,
              legend: null,
            },
          },
        },
      ],
    },
  };
}

/** Paired differences of every other alternative to the best one, with 95 % intervals, for each metric that was compared. */
export function differences(comparison: Comparison): Chart {
  const [best] = ranked(comparison);
  const reference = best === undefined || best.verdict === 'refused' ? undefined : best.name;
  const metrics = [...new Set(comparison.differences.map((d) => d.metric))];
  const panels = reference === undefined ? [] : metrics.map((metric) => panel(comparison, metric, reference)).filter((p) => p !== undefined);
  return {
    id: 'differences',
    title: reference === undefined ? 'Differences' : `Differences to ${reference}`,
    about:
      'Each replication gives all alternatives the same requests, so their differences are known better than the values themselves. ' +
      'Bars are 95 % intervals; a hollow dot is a difference that is not shown to be real (interval includes zero, or Holm-corrected p ≥ 0.05).',
    legend: [],
    panels,
    layout: 'pairs',
    ...(panels.length === 0 ? { note: 'There are no two alternatives to compare.' } : {}),
  };
}
