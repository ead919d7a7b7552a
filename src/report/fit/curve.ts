import { thin, timeUnit, type Chart, type Panel } from '../charts/chart.js';
import { observed, predicted, unseen } from './colours.js';
import { formatNumber, formatPercent } from '../number.js';
import { curves, type FitGroup, type FitPage } from './input.js';

const bySet = {
  color: { field: 'set', type: 'nominal', scale: { domain: ['fitted', 'never seen'], range: [observed, unseen] }, legend: null },
  shape: { field: 'set', type: 'nominal', scale: { domain: ['fitted', 'never seen'], range: ['circle', 'diamond'] }, legend: null },
};

/** Whether there is anything to draw a line through. */
const isCurve = (groups: readonly FitGroup[]): boolean => groups.some((g) => g.inferenceJobs !== groups[0].inferenceJobs);

/** Groups that are alone with their number of inference jobs, as predicted over observed: their times need not be of one size. */
function points(single: readonly [string, FitGroup[]][]): Panel {
  const rows = single.flatMap(([name, groups]) =>
    groups.map((g) => ({
      name,
      set: g.set === 'fit' ? 'fitted' : 'never seen',
      observed: thin(g.observedMs / soleMs(groups)),
      predicted: thin(g.predictedMs / soleMs(groups)),
      lo: thin(g.interval95Ms[0] / soleMs(groups)),
      hi: thin(g.interval95Ms[1] / soleMs(groups)),
      text: `${formatNumber(g.observedMs, 4)} ms`,
      n: g.n,
    })),
  );
  const names = [...new Set(rows.map((r) => r.name))];
  const x = (field: string) => ({
    field,
    type: 'quantitative',
    scale: { zero: false, padding: 16 },
    axis: { title: 'over the prediction', tickCount: 5, format: '.2~f' },
  });
  const y = { field: 'name', type: 'nominal', scale: { domain: names }, axis: { title: null, labels: false, grid: true } };
  return {
    title: 'Measured with one number of inference jobs only',
    alt: `Groups with one number of jobs: ${rows.map((r) => `${r.name} observed ${r.text}, ${r.observed} of the prediction`).join('; ')}.`,
    data: { points: rows },
    spec: {
      width: 'container',
      height: Math.max(70, names.length * 46),
      data: { name: 'points' },
      encoding: {
        y,
        tooltip: [
          { field: 'name', title: 'group' },
          { field: 'text', title: 'observed' },
          { field: 'observed', title: 'over the prediction' },
          { field: 'n', title: 'rows' },
          { field: 'set', title: 'data' },
        ],
      },
      layer: [
        { mark: { type: 'rule', strokeWidth: 7, opacity: 0.25, strokeCap: 'round', color: predicted }, encoding: { x: x('lo'), x2: { field: 'hi' } } },
        { mark: { type: 'tick', thickness: 2, size: 16, color: predicted }, encoding: { x: x('predicted') } },
        { mark: { type: 'point', filled: true, size: 48, opacity: 1 }, encoding: { x: x('observed'), ...bySet } },
        { mark: { type: 'text', align: 'left', baseline: 'bottom', dy: -9, limit: { expr: 'width' } }, encoding: { x: { value: 2 }, text: { field: 'name' }, tooltip: null } },
      ],
    },
  };
}

const soleMs = (groups: readonly FitGroup[]): number => groups[0].predictedMs;

function panel(name: string, groups: readonly FitGroup[], index: number): Panel {
  const { unit, ms } = timeUnit(Math.max(...groups.flatMap((g) => [g.observedMs, g.interval95Ms[1]])));
  const rows = groups.map((g) => ({
    jobs: g.inferenceJobs,
    set: g.set === 'fit' ? 'fitted' : 'never seen',
    observed: thin(g.observedMs / ms),
    predicted: thin(g.predictedMs / ms),
    lo: thin(g.interval95Ms[0] / ms),
    hi: thin(g.interval95Ms[1] / ms),
    error: `${g.predictedMs >= g.observedMs ? '+' : '−'}${formatPercent(Math.abs(g.predictedMs / g.observedMs - 1) * 100)} %`,
    n: g.n,
  }));
  const x = {
    field: 'jobs',
    type: 'quantitative',
    scale: { nice: false, padding: 14, zero: false },
    axis: { title: 'inference jobs', tickMinStep: 1, format: 'd', grid: false },
  };
  const y = (field: string) => ({ field, type: 'quantitative', scale: { zero: true }, axis: { title: unit, tickCount: 5 } });
  const tooltip = [
    { field: 'jobs', title: 'inference jobs' },
    { field: 'observed', title: `observed ${unit}` },
    { field: 'predicted', title: `predicted ${unit}` },
    { field: 'lo', title: 'interval from' },
    { field: 'hi', title: 'to' },
    { field: 'error', title: 'off by' },
    { field: 'n', title: 'rows' },
    { field: 'set', title: 'data' },
  ];
  const interval = { type: 'rule', strokeWidth: 7, opacity: 0.25, strokeCap: 'round', color: predicted };
  return {
    title: name,
    alt: `${name}: ${rows.map((r) => `${r.jobs} jobs observed ${r.observed} ${unit}, predicted ${r.predicted} ${unit}`).join('; ')}.`,
    data: { [`curve_${index}`]: rows },
    spec: {
      width: 'container',
      height: 220,
      data: { name: `curve_${index}` },
      encoding: { x, tooltip },
      layer: [
        { mark: { type: 'area', opacity: 0.16, color: predicted, interpolate: 'monotone' }, encoding: { y: y('lo'), y2: { field: 'hi' } } },
        { mark: { type: 'line', strokeWidth: 2, color: predicted, interpolate: 'monotone' }, encoding: { y: y('predicted') } },
        { mark: interval, encoding: { y: y('lo'), y2: { field: 'hi' } } },
        { mark: { type: 'tick', thickness: 2, size: 14, color: predicted }, encoding: { y: y('predicted') } },
        {
          mark: { type: 'point', filled: true, size: 48, opacity: 1, strokeWidth: 1.5 },
          encoding: { y: y('observed'), ...bySet },
        },
      ],
    },
  };
}

/** Observations over the predicted curve with its interval: one panel per workload, model, phase and neighbour. */
export function curveChart(page: FitPage): Chart {
  const all = curves(page.groups);
  const single = all.filter(([, groups]) => !isCurve(groups));
  const panels = [
    ...all.filter(([, groups]) => isCurve(groups)).map(([name, groups], i) => panel(name, groups, i)),
    ...(single.length === 0 ? [] : [points(single)]),
  ];
  const tested = page.groups.some((g) => g.set === 'test');
  return {
    id: 'curve',
    title: 'Predicted and observed',
    about: 'Dots are medians of measured groups. The line is what the selected model predicts for them, the band its 95 % interval for the median of such a group.',
    legend: [
      { label: 'observed, fitted', colour: observed, mark: 'block' },
      ...(tested ? [{ label: 'observed, never seen by the fit', colour: unseen, mark: 'block' as const }] : []),
      { label: 'predicted, with its interval', colour: predicted, mark: 'line' },
    ],
    panels,
    layout: panels.length === 1 ? 'wide' : 'pairs',
  };
}
