import type { Detail, Recording, Span } from '../experiment/result.js';

/** An event of the Trace Event Format, which Perfetto and chrome://tracing open; times in µs. */
export interface TraceEvent {
  name: string;
  ph: 'X' | 'i' | 'M';
  pid: number;
  tid: number;
  ts?: number;
  dur?: number;
  cat?: string;
  s?: 'p';
  args?: Record<string, string | number>;
}

export interface Timeline {
  displayTimeUnit: 'ms';
  traceEvents: TraceEvent[];
  metadata: {
    sampled: boolean;
    note: string;
    alternatives: { alternative: string; spans_shown: number; spans_total: number; complete_until_ms: number }[];
  };
}

export const MOST_EVENTS = 200_000;

const nanoseconds = (ms: number): number => Math.round(ms * 1e6);
const microseconds = (ns: number): number => ns / 1000;

/** Inference is frequent; everything else is rare, and kept. */
const isFrequent = (span: Span): boolean => span.kind === 'inference' || span.kind === 'waiting';

/**
 * Spans to show: all of the rare kinds, and the frequent ones from the start up to the budget. A stretch that is complete tells more
 * than one with every n-th span, which would look idle.
 */
function withinBudget(spans: readonly Span[], budget: number): { shown: Span[]; completeUntilMs: number } {
  if (spans.length <= budget) return { shown: [...spans], completeUntilMs: Infinity };
  const rare = spans.filter((s) => !isFrequent(s)).slice(0, budget);
  const frequent = spans.filter(isFrequent).sort((a, b) => a.start_ms - b.start_ms);
  const room = budget - rare.length;
  return { shown: [...rare, ...frequent.slice(0, room)], completeUntilMs: frequent[room]?.start_ms ?? Infinity };
}

/**
 * Rows for the spans of one track. Viewers need the events of a row to be nested or apart; a span that overlaps another in part
 * gets a further row.
 */
function nestedRows(spans: Span[]): Span[][] {
  const rows: { spans: Span[]; open: number[] }[] = [];
  for (const span of [...spans].sort((a, b) => a.start_ms - b.start_ms || b.end_ms - a.end_ms)) {
    const start = nanoseconds(span.start_ms);
    const end = nanoseconds(span.end_ms);
    let row = rows.find(({ open }) => {
      while (open.length > 0 && open[open.length - 1] <= start) open.pop();
      return open.length === 0 || open[open.length - 1] >= end;
    });
    if (row === undefined) rows.push((row = { spans: [], open: [] }));
    row.spans.push(span);
    row.open.push(end);
  }
  return rows.map((row) => row.spans);
}

function group<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const members = groups.get(key(item));
    if (members === undefined) groups.set(key(item), [item]);
    else members.push(item);
  }
  return groups;
}

const byName = <T>(groups: Map<string, T>): [string, T][] => [...groups].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

function spanEvent(span: Span, pid: number, tid: number): TraceEvent {
  const start = nanoseconds(span.start_ms);
  return {
    name: span.kind,
    cat: span.kind,
    ph: 'X',
    pid,
    tid,
    ts: microseconds(start),
    dur: microseconds(nanoseconds(span.end_ms) - start),
    ...(span.batch === undefined ? {} : { args: { images: span.batch } }),
  };
}

/** The accelerator that trains longest; epochs are marked there. */
function trainingAccelerator(spans: readonly Span[]): string | undefined {
  const time = new Map<string, number>();
  for (const s of spans) if (s.kind === 'training') time.set(s.accelerator, (time.get(s.accelerator) ?? 0) + s.end_ms - s.start_ms);
  return [...time].reduce<[string, number] | undefined>((most, entry) => (most === undefined || entry[1] > most[1] ? entry : most), undefined)?.[0];
}

function recordingEvents(recording: Recording, spans: Span[], firstPid: number): TraceEvent[] {
  const events: TraceEvent[] = [];
  const home = trainingAccelerator(recording.spans);
  byName(group(spans, (s) => s.accelerator)).forEach(([accelerator, here], i) => {
    const pid = firstPid + i;
    events.push({ name: 'process_name', ph: 'M', pid, tid: 0, args: { name: `${recording.alternative} / ${accelerator}` } });
    events.push({ name: 'process_sort_index', ph: 'M', pid, tid: 0, args: { sort_index: pid } });
    let tid = 0;
    let epochTid = 1;
    for (const [track, members] of byName(group(here, (s) => s.track))) {
      nestedRows(members).forEach((row, n) => {
        tid++;
        events.push({ name: 'thread_name', ph: 'M', pid, tid, args: { name: n === 0 ? track : `${track} (${n + 1})` } });
        events.push({ name: 'thread_sort_index', ph: 'M', pid, tid, args: { sort_index: tid } });
        if (n === 0 && row.some((s) => s.kind === 'training')) epochTid = tid;
        for (const span of row) events.push(spanEvent(span, pid, tid));
      });
    }
    if (accelerator === (home ?? accelerator) && (home !== undefined || i === 0)) {
      recording.epochs_ms.forEach((at, k) =>
        events.push({ name: `epoch ${k + 1} ends`, ph: 'i', s: 'p', cat: 'epoch', pid, tid: epochTid, ts: microseconds(nanoseconds(at)) }),
      );
    }
    for (const { at_ms, what, begins } of recording.faults ?? [])
      if (i === 0) events.push({ name: begins ? what : `over: ${what}`, ph: 'i', s: 'p', cat: 'fault', pid, tid: 1, ts: microseconds(nanoseconds(at_ms)) });
  });
  return events;
}

/**
 * What ran where, in the Trace Event Format: a process per alternative and accelerator, a thread per worker or retraining job, a
 * complete event per span, an instant per end of an epoch. At most `most` spans are shown, shared evenly by the alternatives.
 */
export function timeline({ recordings }: Detail, most = MOST_EVENTS): Timeline {
  const total = recordings.reduce((sum, r) => sum + r.spans.length, 0);
  const budgets =
    total <= most
      ? recordings.map(() => Infinity)
      : shares(
          recordings.map((r) => r.spans.length),
          most,
        );
  const traceEvents: TraceEvent[] = [];
  const alternatives: Timeline['metadata']['alternatives'] = [];
  let pid = 1;
  recordings.forEach((recording, i) => {
    const { shown, completeUntilMs } = withinBudget(recording.spans, budgets[i]);
    for (const event of recordingEvents(recording, shown, pid)) traceEvents.push(event);
    pid += new Set(shown.map((s) => s.accelerator)).size;
    alternatives.push({
      alternative: recording.alternative,
      spans_shown: shown.length,
      spans_total: recording.spans_total,
      complete_until_ms: Math.min(completeUntilMs, recording.spans.length < recording.spans_total ? lastEnd(recording.spans) : recording.horizon_ms),
    });
  });
  const sampled = alternatives.some((a) => a.spans_shown < a.spans_total);
  const note = sampled
    ? `Long runs are shown in part: at most ${most} spans, inference from the start of the run up to complete_until_ms, retraining and loading for as long as they were recorded.`
    : 'The whole first replication of each alternative.';
  return { displayTimeUnit: 'ms', traceEvents, metadata: { sampled, note, alternatives } };
}

function lastEnd(spans: readonly Span[]): number {
  return spans.reduce((last, s) => (isFrequent(s) ? Math.max(last, s.end_ms) : last), 0);
}

/** Max-min fair shares of `most` among those who want these numbers. */
function shares(wanted: number[], most: number): number[] {
  const result = wanted.map(() => 0);
  let left = most;
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  order.forEach((i, k) => {
    result[i] = Math.min(wanted[i], Math.floor(left / (order.length - k)));
    left -= result[i];
  });
  return result;
}
