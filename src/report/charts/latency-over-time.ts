import type { Comparison, Detail, Recording } from '../../experiment/result.js';
import { quantileSorted, samples, sortSamples } from '../../statistics/samples.js';
import { formatNumber } from '../number.js';
import { durationLabel, logTicks, thin, timeUnit, type Chart, type Rows } from './chart.js';
import { alternativeToken, token } from './theme.js';

const MOST_BUCKETS = 96;
/** Requests that a bucket should have for its 95th percentile to mean something. */
const PER_BUCKET = 20;

interface Bucket {
  atMs: number;
  p50: number;
  p95: number;
  answered: number;
  unanswered: number;
}

/** P50 and P95 by time of birth. A bucket without answers has NaN for both. */
export function latencyBuckets({ requests, horizon_ms }: Recording): Bucket[] {
  const count = Math.max(4, Math.min(MOST_BUCKETS, Math.floor(requests.length / PER_BUCKET)));
  // All requests of a run can be born at once.
  const widthMs = Math.max(1, horizon_ms) / count;
  const latencies = Array.from({ length: count }, (): number[] => []);
  const unanswered = new Array<number>(count).fill(0);
  for (const r of requests) {
    const at = Math.min(count - 1, Math.max(0, Math.floor(r.born_ms / widthMs)));
    if (r.outcome === 'answered') latencies[at].push(r.latency_ms);
    else unanswered[at]++;
  }
  return latencies.map((values, i) => {
    const sorted = values.length > 0 ? sortSamples(samples(values)) : undefined;
    return {
      atMs: (i + 0.5) * widthMs,
      p50: sorted ? quantileSorted(sorted, 0.5) : NaN,
      p95: sorted ? quantileSorted(sorted, 0.95) : NaN,
      answered: values.length,
      unanswered: unanswered[i],
    };
  });
}

/** From when until when something was broken; what happened at one moment has no length. */
export function disturbances({ faults = [], horizon_ms }: Recording): { what: string; fromMs: number; untilMs: number }[] {
  const found: { what: string; fromMs: number; untilMs: number; open: boolean }[] = [];
  for (const { at_ms, what, begins } of faults) {
    if (begins) found.push({ what, fromMs: at_ms, untilMs: what.startsWith('kill') ? at_ms : horizon_ms, open: true });
    else {
      const open = found.find((f) => f.open && f.what === what);
      if (open !== undefined) Object.assign(open, { untilMs: Math.min(at_ms, horizon_ms), open: false });
    }
  }
  return found.filter(({ fromMs }) => fromMs <= horizon_ms).map(({ what, fromMs, untilMs }) => ({ what, fromMs, untilMs }));
}

/** P50 and P95 over the first replication with the ends of epochs, one panel per alternative on common axes. */
export function latencyOverTime(comparison: Comparison, detail: Detail): Chart {
  const shown = comparison.alternatives.flatMap((a, index) => {
    const recording = detail.recordings.find((r) => r.alternative === a.name);
    const buckets = recording === undefined ? [] : latencyBuckets(recording);
    return recording !== undefined && buckets.some((b) => b.answered > 0) ? [{ name: a.name, index, recording, buckets }] : [];
  });
  const silent = comparison.alternatives.filter((a) => a.verdict !== 'refused' && !shown.some((s) => s.name === a.name)).map((a) => a.name);
  const epochs = shown.some((s) => s.recording.epochs_ms.length > 0);
  const faulty = shown.some((s) => (s.recording.faults ?? []).length > 0);
  const chart: Chart = {
    id: 'latency-over-time',
    title: 'Latency over time',
    about:
      'The first replication: by time of arrival, the latency that half (dashed) and 95 % (solid) of the requests stayed within. All panels have the same axes.' +
      (epochs ? ' Dotted lines are ends of retraining epochs.' : ' No retraining epoch ended during the run.') +
      (faulty ? ' Where it is shaded, something was broken.' : ''),
    legend: [],
    panels: [],
    layout: 'grid',
    ...(silent.length > 0 ? { note: `Nothing to draw for ${silent.join(', ')}: no request of the recorded run was answered.` } : {}),
  };
  if (shown.length === 0) return { ...chart, about: 'The first replication.', note: 'No request was answered, or nothing was recorded.' };

  const values = shown.flatMap((s) => s.buckets.flatMap((b) => [b.p50, b.p95])).filter((v) => v > 0);
  const lo = Math.min(...values) * 0.9;
  const hi = Math.max(...values) * 1.1;
  const horizonMs = Math.max(...shown.map((s) => s.recording.horizon_ms));
  const { unit, ms } = timeUnit(horizonMs);
  const x = {
    field: 't',
    type: 'quantitative',
    scale: { domain: [0, thin(horizonMs / ms)], nice: false },
    axis: { title: `time (${unit})`, grid: false, tickCount: 6 },
  };
  const y = {
    field: 'ms',
    type: 'quantitative',
    scale: { type: 'log', domain: [thin(lo), thin(hi)], nice: false },
    axis: { title: null, values: logTicks(lo, hi), labelExpr: durationLabel },
  };
  for (const { name, index, recording, buckets } of shown) {
    const rows: Rows = buckets.map((b) => ({
      t: thin(b.atMs / ms),
      ...(b.answered > 0 ? { p50: thin(b.p50), p95: thin(b.p95) } : {}),
      answered: b.answered,
      unanswered: b.unanswered,
    }));
    const worst = buckets.reduce((a, b) => (b.p95 > a.p95 || Number.isNaN(a.p95) ? b : a));
    chart.panels.push({
      title: name,
      alternative: index,
      alt: `Latency over time under ${name}: its worst interval, around ${formatNumber(worst.atMs / ms)} ${unit}, has a P95 of ${formatNumber(worst.p95)} ms; ${recording.epochs_ms.length} epochs ended.`,
      data: {
        [`latency_over_time_${index}`]: rows,
        [`faults_${index}`]: disturbances(recording).slice(0, 500).map(({ what, fromMs, untilMs }) => ({ t: thin(fromMs / ms), until: thin(untilMs / ms), what })),
        [`epochs_${index}`]: recording.epochs_ms.slice(0, 500).map((at, i) => ({ t: thin(at / ms), epoch: i + 1 })),
      },
      spec: {
        width: 'container',
        height: 190,
        data: { name: `latency_over_time_${index}` },
        layer: [
          {
            data: { name: `faults_${index}` },
            mark: { type: 'rect', color: token('muted'), opacity: 0.25, stroke: token('muted'), strokeWidth: 1, clip: true },
            encoding: {
              x,
              x2: { field: 'until' },
              tooltip: [
                { field: 'what', title: 'broken' },
                { field: 't', title: `from (${unit})` },
                { field: 'until', title: 'until' },
              ],
            },
          },
          {
            data: { name: `epochs_${index}` },
            mark: { type: 'rule', strokeDash: [1, 3], strokeCap: 'round', strokeWidth: 1.5, color: token('muted') },
            encoding: {
              x,
              tooltip: [
                { field: 'epoch', title: 'epoch ended' },
                { field: 't', title: unit },
              ],
            },
          },
          {
            transform: [{ fold: ['p50', 'p95'], as: ['percentile', 'ms'] }, { filter: 'isValid(datum.ms)' }],
            mark: { type: 'line', color: alternativeToken(index), clip: true },
            encoding: {
              x,
              y,
              strokeDash: {
                field: 'percentile',
                type: 'ordinal',
                scale: {
                  domain: ['p50', 'p95'],
                  range: [
                    [4, 3],
                    [1, 0],
                  ],
                },
                legend: null,
              },
              strokeWidth: { field: 'percentile', type: 'ordinal', scale: { domain: ['p50', 'p95'], range: [1.25, 2] }, legend: null },
            },
          },
          {
            params: [{ name: 'at', select: { type: 'point', fields: ['t'], nearest: true, on: 'pointerover', clear: 'pointerout' } }],
            mark: { type: 'rule', strokeWidth: 1 },
            encoding: {
              x,
              opacity: { condition: { param: 'at', empty: false, value: 0.6 }, value: 0 },
              tooltip: [
                { field: 't', title: `time (${unit})`, format: '.3~r' },
                { field: 'p50', title: 'P50 ms', format: ',.3~r', type: 'quantitative' },
                { field: 'p95', title: 'P95 ms', format: ',.3~r', type: 'quantitative' },
                { field: 'answered', title: 'answered' },
                { field: 'unanswered', title: 'unanswered' },
              ],
            },
          },
        ],
      },
    });
  }
  return chart;
}
