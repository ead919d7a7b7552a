import type { Comparison, Detail, Recording, Span } from '../../experiment/result.js';
import { formatNumber, formatShare } from '../number.js';
import { thin, timeUnit, type Chart, type LegendEntry, type Panel } from './chart.js';
import { token } from './theme.js';

const MOST_SPANS = 80;
const MOST_TRACKS = 24;
const MOST_BARS = 48;
const windows = [50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 60_000, 300_000, 3_600_000];

type State = 'both' | 'inference' | 'training' | 'loading' | 'idle';
const states: { state: State; label: string }[] = [
  { state: 'both', label: 'inference beside retraining' },
  { state: 'inference', label: 'inference alone' },
  { state: 'training', label: 'retraining alone' },
  { state: 'loading', label: 'only loading a model' },
  { state: 'idle', label: 'nothing active' },
];

const kinds: { kind: Span['kind']; label: string }[] = [
  { kind: 'inference', label: 'inference' },
  { kind: 'training', label: 'retraining' },
  { kind: 'waiting', label: 'host work, or waiting for a training slice' },
  { kind: 'loading', label: 'loading a model' },
  { kind: 'paused', label: 'retraining paused' },
];

/** Time that an accelerator spends in each state within [from, to], as shares of it. */
export function stateShares(spans: readonly Span[], fromMs: number, toMs: number): Record<State, number> {
  const edges: { at: number; kind: Span['kind']; by: number }[] = [];
  for (const s of spans) {
    const start = Math.max(fromMs, s.start_ms);
    const end = Math.min(toMs, s.end_ms);
    if (end > start) edges.push({ at: start, kind: s.kind, by: 1 }, { at: end, kind: s.kind, by: -1 });
  }
  edges.sort((a, b) => a.at - b.at);
  const active: Record<Span['kind'], number> = { inference: 0, training: 0, paused: 0, loading: 0, waiting: 0 };
  const time: Record<State, number> = { both: 0, inference: 0, training: 0, loading: 0, idle: 0 };
  let last = fromMs;
  const pass = (until: number): void => {
    const { inference, training, loading } = active;
    const state = inference > 0 ? (training > 0 ? 'both' : 'inference') : training > 0 ? 'training' : loading > 0 ? 'loading' : 'idle';
    time[state] += until - last;
    last = until;
  };
  for (const { at, kind, by } of edges) {
    pass(at);
    active[kind] += by;
  }
  pass(toMs);
  const total = toMs - fromMs;
  for (const { state } of states) time[state] = total > 0 ? time[state] / total : 0;
  return time;
}

/** The end of an accelerator's name that tells it from the others. */
function shortNames(accelerators: string[]): Map<string, string> {
  const last = accelerators.map((name) => name.split('/').pop()!);
  const stems = new Set(last.map((name) => name.replace(/#\d+$/, '')));
  const numbered = accelerators.length > 1 && stems.size === 1 && last.every((name) => /#\d+$/.test(name)) && new Set(last).size === last.length;
  const short = numbered ? last.map((name) => name.slice(name.lastIndexOf('#'))) : new Set(last).size === last.length ? last : accelerators;
  return new Map(accelerators.map((name, i) => [name, short[i]]));
}

/** Spans are either all there, or stop before the end: up to where they can be trusted. */
function coveredMs({ spans, spans_total, horizon_ms }: Recording): number {
  return spans.length >= spans_total
    ? horizon_ms
    : Math.min(
        horizon_ms,
        spans.reduce((most, s) => (s.kind === 'inference' ? Math.max(most, s.end_ms) : most), 0),
      );
}

function inWindow(spans: readonly Span[], fromMs: number, toMs: number): Span[] {
  return spans.filter((s) => s.end_ms > fromMs && s.start_ms < toMs);
}

/** One window for all alternatives, a third into what was recorded, as long as the busiest of them stays readable. */
function chooseWindow(recordings: Recording[]): [number, number] {
  const covered = Math.min(...recordings.map(coveredMs));
  const from = covered / 3;
  const length =
    windows.filter((w) => w <= covered * 0.6 && recordings.every((r) => inWindow(r.spans, from, from + w).length <= MOST_SPANS)).pop() ?? windows[0];
  const start = Math.floor(from / length) * length;
  return [start, start + length];
}

/** Each once, in order; numbers at the end count as numbers. */
function distinct(items: string[]): string[] {
  const split = (name: string): [string, number] => {
    const digits = /\d*$/.exec(name)![0];
    return [name.slice(0, name.length - digits.length), Number(digits)];
  };
  const keyed = [...new Set(items)].map((name) => ({ name, key: split(name) }));
  keyed.sort((a, b) => (a.key[0] < b.key[0] ? -1 : a.key[0] > b.key[0] ? 1 : a.key[1] - b.key[1]));
  return keyed.map(({ name }) => name);
}

function windowPanel(recording: Recording, index: number, [from, to]: [number, number]): Panel {
  const accelerators = distinct(recording.spans.map((s) => s.accelerator));
  const short = shortNames(accelerators);
  const row = (s: Span): string => (accelerators.length > 1 ? `${short.get(s.accelerator)} · ${s.track}` : s.track);
  const { unit, ms } = timeUnit(to);
  const spans = inWindow(recording.spans, from, to);
  const training = new Set(recording.spans.filter((s) => s.kind === 'training' || s.kind === 'paused').map(row));
  const tracks = distinct(recording.spans.map(row));
  const busy = new Set(spans.map(row));
  // Where there is not room for all: retraining, and who works within the window.
  const active = tracks.filter((track) => training.has(track) || busy.has(track));
  const kept =
    tracks.length <= MOST_TRACKS ? [...tracks] : active.sort((a, b) => Number(training.has(b)) - Number(training.has(a))).slice(0, MOST_TRACKS);
  kept.sort((a, b) => Number(training.has(a)) - Number(training.has(b)) || tracks.indexOf(a) - tracks.indexOf(b));
  const rank = new Map(kinds.map(({ kind }, i) => [kind, i]));
  const rows = spans
    .filter((s) => kept.includes(row(s)))
    .sort((a, b) => rank.get(a.kind)! - rank.get(b.kind)! || a.start_ms - b.start_ms)
    .map((s) => ({
      track: row(s),
      kind: s.kind,
      from: thin(Math.max(from, s.start_ms) / ms),
      to: thin(Math.min(to, s.end_ms) / ms),
      length: thin(s.end_ms - s.start_ms),
      ...(s.batch === undefined ? {} : { batch: s.batch }),
    }));
  const most = accelerators.map(
    (a) =>
      `${formatShare(
        1 -
          stateShares(
            spans.filter((s) => s.accelerator === a),
            from,
            to,
          ).idle,
      )} of the time active on ${a}`,
  );
  return {
    title: recording.alternative + (tracks.length > kept.length ? ` (${kept.length} of ${tracks.length} rows)` : ''),
    alternative: index,
    alt: `What ran under ${recording.alternative} from ${formatNumber(from / ms)} to ${formatNumber(to / ms)} ${unit}: ${tracks.length} workers and jobs; ${most.join(', ')}.`,
    data: { [`window_${index}`]: rows },
    spec: {
      width: 'container',
      height: kept.length * 19,
      data: { name: `window_${index}` },
      mark: { type: 'bar', height: { band: 0.74 }, cornerRadius: 1.5, clip: true },
      encoding: {
        x: {
          field: 'from',
          type: 'quantitative',
          scale: { domain: [thin(from / ms), thin(to / ms)], nice: false, zero: false },
          axis: { title: `time (${unit})`, tickCount: 6 },
        },
        x2: { field: 'to' },
        y: {
          field: 'track',
          type: 'nominal',
          scale: { domain: kept, paddingInner: 0, paddingOuter: 0.1 },
          axis: { title: null, labelLimit: 128, labelOverlap: false },
        },
        color: { field: 'kind', type: 'nominal', scale: { domain: kinds.map((k) => k.kind), range: kinds.map((k) => token(k.kind)) }, legend: null },
        tooltip: [
          { field: 'track', title: 'row' },
          { field: 'kind', title: 'what' },
          { field: 'from', title: `from (${unit})` },
          { field: 'length', title: 'lasting ms', format: ',.3~r' },
          { field: 'batch', title: 'images', type: 'nominal' },
        ],
      },
    },
  };
}

function wholeRunPanel(recordings: Recording[]): Panel {
  const bars = recordings
    .flatMap((r) => {
      const accelerators = distinct(r.spans.map((s) => s.accelerator));
      const short = shortNames(accelerators);
      return accelerators.map((a) => ({
        name: accelerators.length > 1 ? `${r.alternative} ${short.get(a)}` : r.alternative,
        shares: stateShares(
          r.spans.filter((s) => s.accelerator === a),
          0,
          coveredMs(r),
        ),
      }));
    })
    .slice(0, MOST_BARS);
  const rows = bars.flatMap(({ name, shares }) =>
    states.map(({ state, label }, order) => ({ name, state, label, order, share: thin(shares[state]) })),
  );
  return {
    title: 'Whole recorded run, by accelerator',
    alt: `Share of time by state: ${bars
      .map(
        (b) =>
          `${b.name}: ${states
            .filter((s) => b.shares[s.state] > 0)
            .map((s) => `${s.label} ${formatShare(b.shares[s.state])}`)
            .join(', ')}`,
      )
      .join('; ')}.`,
    data: { whole_run: rows.filter((r) => r.share > 0) },
    spec: {
      width: 'container',
      height: bars.length * 26,
      data: { name: 'whole_run' },
      mark: { type: 'bar', height: { band: 0.72 } },
      encoding: {
        x: { field: 'share', type: 'quantitative', scale: { domain: [0, 1] }, axis: { title: 'share of time', format: '%', tickCount: 5 } },
        y: {
          field: 'name',
          type: 'nominal',
          scale: { domain: bars.map((b) => b.name), paddingInner: 0, paddingOuter: 0.1 },
          axis: { title: null, labelLimit: 128, labelOverlap: false },
        },
        color: {
          field: 'state',
          type: 'nominal',
          scale: { domain: states.map((s) => s.state), range: states.map((s) => token(s.state)) },
          legend: null,
        },
        order: { field: 'order', type: 'quantitative' },
        tooltip: [
          { field: 'name', title: 'where' },
          { field: 'label', title: 'what' },
          { field: 'share', title: 'share of time', format: '.1%' },
        ],
      },
    },
  };
}

/** What was resident and active on each accelerator: shares over the whole recorded run, and a window of it as a Gantt chart. */
export function residency(comparison: Comparison, detail: Detail): Chart[] {
  const shown = comparison.alternatives.flatMap((a, index) => {
    const recording = detail.recordings.find((r) => r.alternative === a.name && r.spans.length > 0);
    return recording === undefined ? [] : [{ index, recording }];
  });
  const legend = (entries: { label: string; colour: string }[]): LegendEntry[] => entries.map((e) => ({ ...e, mark: 'block' }));
  const whole: Chart = {
    id: 'residency',
    title: 'What kept the accelerators busy',
    about: 'Share of time that each accelerator spent on inference, on retraining, on both at once, or on nothing, in the first replication.',
    legend: legend(states.map(({ state, label }) => ({ label, colour: token(state) }))),
    panels: [],
    layout: 'wide',
  };
  if (shown.length === 0) return [{ ...whole, legend: [], note: 'Nothing was recorded: no work reached an accelerator.' }];
  const recordings = shown.map((s) => s.recording);
  const sampled = recordings.filter((r) => r.spans.length < r.spans_total);
  whole.panels.push(wholeRunPanel(recordings));
  if (sampled.length > 0) {
    whole.note = `Long runs are recorded up to a limit: ${sampled.map((r) => `${r.alternative}, ${r.spans.length} of ${r.spans_total} stretches of work`).join('; ')}. Shares are over the recorded part.`;
  }
  const at = chooseWindow(recordings);
  const { unit, ms } = timeUnit(at[1]);
  const present = new Set(recordings.flatMap((r) => inWindow(r.spans, ...at).map((s) => s.kind)));
  const close: Chart = {
    id: 'window',
    title: 'A closer look',
    about:
      `The same run from ${formatNumber(at[0] / ms)} to ${formatNumber(at[1] / ms)} ${unit}, one row per worker or retraining job; a row without blocks did nothing then. ` +
      'The whole run is in timeline.json, which opens in Perfetto.',
    legend: legend(kinds.filter(({ kind }) => present.has(kind)).map(({ kind, label }) => ({ label, colour: token(kind) }))),
    panels: shown.map(({ index, recording }) => windowPanel(recording, index, at)),
    layout: 'grid',
  };
  return [whole, close];
}
