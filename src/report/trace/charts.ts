import type { Description } from '../../trace/describe.js';
import { durationLabel, numberLabel, thin, timeUnit, type Chart, type Spec } from '../charts/chart.js';
import { token } from '../charts/theme.js';
import { formatNumber } from '../number.js';
import { duration } from './text.js';

const HEIGHT = 200;
const quantitative = (field: string, title: string, more: Spec = {}): Spec => ({ field, type: 'quantitative', axis: { title, labelExpr: numberLabel }, ...more });

function rateOverTime({ rate_rps, mean_rate_rps, duration_s }: Description): Chart {
  const { unit, ms } = timeUnit(duration_s * 1000);
  const step = (rate_rps.step_s * 1000) / ms;
  return {
    id: 'rate',
    title: 'Rate over time',
    about: `Requests per second in steps of ${duration(rate_rps.step_s)}; the dashed line is the mean.`,
    legend: [],
    layout: 'wide',
    panels: [
      {
        alt: `The rate lies between ${formatNumber(Math.min(...rate_rps.values))} and ${formatNumber(Math.max(...rate_rps.values))} requests per second, ${formatNumber(mean_rate_rps)} in the mean.`,
        data: { rate: rate_rps.values.map((rate, i) => ({ from: thin(i * step), to: thin((i + 1) * step), rate: thin(rate) })), mean: [{ rate: thin(mean_rate_rps) }] },
        spec: {
          width: 'container',
          height: HEIGHT,
          layer: [
            {
              data: { name: 'rate' },
              mark: { type: 'bar', color: token('inference'), binSpacing: 0 },
              encoding: {
                x: { field: 'from', type: 'quantitative', bin: { binned: true }, axis: { title: `time (${unit})`, grid: false } },
                x2: { field: 'to' },
                y: quantitative('rate', 'requests/s'),
                tooltip: [
                  { field: 'from', title: `from (${unit})` },
                  { field: 'rate', title: 'requests/s' },
                ],
              },
            },
            { data: { name: 'mean' }, mark: { type: 'rule', strokeDash: [5, 4] }, encoding: { y: { field: 'rate', type: 'quantitative' } } },
          ],
        },
      },
    ],
  };
}

function gapDistribution({ quantiles, mean_ms, cv }: NonNullable<Description['gaps']>): Chart {
  const ours = quantiles.filter(({ ms }) => ms > 0);
  // The same for a Poisson stream of this rate: the p-quantile of the gap is −ln(1 − p) × mean.
  const poisson = quantiles.map(({ p }) => ({ p, ms: -Math.log(1 - p) * mean_ms }));
  const rows = [...ours.map((q) => ({ ...q, which: 'this stream' })), ...poisson.map((q) => ({ ...q, which: 'Poisson' }))];
  return {
    id: 'gaps',
    title: 'Gaps between requests',
    about: `Share of the gaps that are at most as long as on the axis, beside a Poisson stream of the same rate (dashed). The coefficient of variation is ${formatNumber(cv)}; Poisson has 1.`,
    legend: [
      { label: 'this stream', colour: token('inference'), mark: 'line' },
      { label: 'Poisson', colour: token('muted'), mark: 'dashed' },
    ],
    layout: 'wide',
    panels: [
      {
        alt: `Distribution of gaps: mean ${formatNumber(mean_ms)} ms, coefficient of variation ${formatNumber(cv)}.`,
        data: { gaps: rows.map(({ p, ms, which }) => ({ p: thin(p), ms: thin(ms), which })) },
        spec: {
          width: 'container',
          height: HEIGHT,
          data: { name: 'gaps' },
          mark: { type: 'line', interpolate: 'monotone' },
          encoding: {
            x: { field: 'ms', type: 'quantitative', scale: { type: 'log' }, axis: { title: 'gap (log scale)', labelExpr: durationLabel, tickCount: 6 } },
            y: { field: 'p', type: 'quantitative', scale: { domain: [0, 1] }, axis: { title: null, format: '.0%' } },
            color: { field: 'which', type: 'nominal', scale: { domain: ['this stream', 'Poisson'], range: [token('inference'), token('muted')] }, legend: null },
            strokeDash: { field: 'which', type: 'nominal', scale: { domain: ['this stream', 'Poisson'], range: [[1, 0], [5, 4]] }, legend: null },
          },
        },
      },
    ],
  };
}

function burstiness({ dispersion, autocorrelation }: Description): Chart {
  const seconds: Spec = { field: 's', type: 'quantitative', scale: { type: 'log' }, axis: { title: 'seconds (log scale)', labelExpr: numberLabel, tickCount: 5 } };
  const dot = { filled: true, size: 45, color: token('inference') };
  const panels: Chart['panels'] = [];
  if (dispersion.length > 1)
    panels.push({
      title: 'Index of dispersion, by length of the window',
      alt: `The index of dispersion goes from ${formatNumber(dispersion[0].index)} in windows of ${duration(dispersion[0].window_s)} to ${formatNumber(dispersion[dispersion.length - 1].index)} in windows of ${duration(dispersion[dispersion.length - 1].window_s)}.`,
      data: { dispersion: dispersion.map(({ window_s, index }) => ({ s: thin(window_s), index: thin(index) })), one: [{ index: 1 }] },
      spec: {
        width: 'container',
        height: HEIGHT,
        layer: [
          { data: { name: 'one' }, mark: { type: 'rule', strokeDash: [5, 4] }, encoding: { y: { field: 'index', type: 'quantitative' } } },
          {
            data: { name: 'dispersion' },
            mark: { type: 'line', color: token('inference'), point: dot },
            encoding: { x: seconds, y: quantitative('index', null as unknown as string, { scale: { type: 'symlog' } }), tooltip: [{ field: 's', title: 'seconds' }, { field: 'index', title: 'index' }] },
          },
        ],
      },
    });
  if (autocorrelation.length > 1)
    panels.push({
      title: 'Correlation of the counts, by lag',
      alt: `The correlation of the counts is ${autocorrelation[0].r.toFixed(2)} after ${duration(autocorrelation[0].lag_s)} and ${autocorrelation[autocorrelation.length - 1].r.toFixed(2)} after ${duration(autocorrelation[autocorrelation.length - 1].lag_s)}.`,
      data: { correlation: autocorrelation.map(({ lag_s, r }) => ({ s: thin(lag_s), r: thin(r) })) },
      spec: {
        width: 'container',
        height: HEIGHT,
        data: { name: 'correlation' },
        mark: { type: 'line', color: token('inference'), point: dot },
        encoding: { x: seconds, y: { field: 'r', type: 'quantitative', axis: { title: null, format: '.1f' } }, tooltip: [{ field: 's', title: 'seconds' }, { field: 'r', title: 'correlation' }] },
      },
    });
  return {
    id: 'burstiness',
    title: 'Burstiness',
    about: 'Index of dispersion: variance over mean of the counts in windows of a length; 1 (dashed) is Poisson, and it rises up to the length of the bursts. Correlation: how much the count in one bin says about that in a later one.',
    legend: [],
    layout: 'pairs',
    panels,
    ...(panels.length === 0 ? { note: 'The stream is too short to say.' } : {}),
  };
}

function dayShape(day: readonly number[]): Chart {
  return {
    id: 'day',
    title: 'The day',
    about: 'Mean rate by hour since time 0, which stands for midnight.',
    legend: [],
    layout: 'wide',
    panels: [
      {
        alt: `Over the day the rate lies between ${formatNumber(Math.min(...day))} and ${formatNumber(Math.max(...day))} requests per second.`,
        data: { day: day.map((rate, hour) => ({ hour, rate: thin(rate) })) },
        spec: {
          width: 'container',
          height: HEIGHT,
          data: { name: 'day' },
          mark: { type: 'bar', color: token('inference') },
          encoding: { x: { field: 'hour', type: 'ordinal', axis: { title: 'hour', labelAngle: 0 } }, y: quantitative('rate', 'requests/s') },
        },
      },
    ],
  };
}

/** The drawings of a stream's description, those for which there are enough requests. */
export function traceCharts(description: Description): Chart[] {
  const { gaps, day_rps } = description;
  return [rateOverTime(description), ...(day_rps === undefined ? [] : [dayShape(day_rps)]), ...(gaps === undefined ? [] : [gapDistribution(gaps)]), burstiness(description)];
}
