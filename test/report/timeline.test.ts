import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Recording, Span } from '../../src/experiment/result.js';
import { timeline, type Timeline, type TraceEvent } from '../../src/report/timeline.js';
import { fixture } from './fixture.js';

const complete = (t: Timeline): TraceEvent[] => t.traceEvents.filter((e) => e.ph === 'X');
const ns = (us: number): number => Math.round(us * 1000);

/** Within a thread, two events are apart or one contains the other. */
function expectNested(t: Timeline): void {
  const threads = new Map<string, TraceEvent[]>();
  for (const e of complete(t)) threads.set(`${e.pid}/${e.tid}`, [...(threads.get(`${e.pid}/${e.tid}`) ?? []), e]);
  for (const events of threads.values()) {
    for (const a of events) {
      for (const b of events) {
        const [a0, a1, b0, b1] = [ns(a.ts!), ns(a.ts!) + ns(a.dur!), ns(b.ts!), ns(b.ts!) + ns(b.dur!)];
        expect(a0 < b0 && b0 < a1 && a1 < b1).toBe(false);
      }
    }
  }
}

const span = (start_ms: number, end_ms: number, kind: Span['kind'] = 'inference', track = 'plants #1'): Span => ({
  accelerator: 'edge/gpu#0',
  track,
  kind,
  start_ms,
  end_ms,
});
const recording = (spans: Span[], epochs_ms: number[] = []): Recording => ({
  alternative: 'a',
  horizon_ms: 1000,
  requests: [],
  requests_total: 0,
  spans,
  spans_total: spans.length,
  epochs_ms,
});

describe('the timeline', () => {
  const { detail } = fixture();
  const made = timeline(detail);

  it('has every span once, in µs, in the process of its alternative and accelerator and the thread of its track', () => {
    const process = new Map(made.traceEvents.filter((e) => e.name === 'process_name').map((e) => [e.pid, e.args!.name]));
    const thread = new Map(
      made.traceEvents.filter((e) => e.name === 'thread_name').map((e) => [`${e.pid}/${e.tid}`, String(e.args!.name).replace(/ \(\d+\)$/, '')]),
    );
    const found = complete(made).map((e) => [process.get(e.pid), thread.get(`${e.pid}/${e.tid}`), e.name, ns(e.ts!), ns(e.dur!)].join('|'));
    const expected = detail.recordings.flatMap((r) =>
      r.spans.map((s) =>
        [
          `${r.alternative} / ${s.accelerator}`,
          s.track,
          s.kind,
          Math.round(s.start_ms * 1e6),
          Math.round(s.end_ms * 1e6) - Math.round(s.start_ms * 1e6),
        ].join('|'),
      ),
    );
    expect(found.sort()).toEqual(expected.sort());
    expect(made.metadata.sampled).toBe(false);
  });

  it('has an instant for each end of an epoch, where the training is', () => {
    const r = recording([{ ...span(0, 900, 'training', 'retrain resnet50'), accelerator: 'edge/gpu#1' }, span(0, 10)], [400, 800]);
    const t = timeline({ recordings: [r], distributions: [] });
    const home = t.traceEvents.find((e) => e.args?.name === 'a / edge/gpu#1')!.pid;
    expect(t.traceEvents.filter((e) => e.ph === 'i').map((e) => [e.pid, e.ts])).toEqual([
      [home, 400_000],
      [home, 800_000],
    ]);
  });

  it('gives events that overlap in part rows of their own, so that each row is nested', () => {
    const t = timeline({ recordings: [recording([span(0, 10), span(5, 15), span(2, 4)])], distributions: [] });
    expect(new Set(complete(t).map((e) => e.tid)).size).toBe(2);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 100, noNaN: true }), fc.double({ min: 0, max: 30, noNaN: true })), { maxLength: 40 }),
        (times) => {
          const spans = times.map(([at, length]) => span(at, at + length));
          const any = timeline({ recordings: [recording(spans)], distributions: [] });
          expect(complete(any).length).toBe(spans.length);
          expectNested(any);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('shows a long run from its start and keeps the retraining, and says so', () => {
    const spans = Array.from({ length: 1000 }, (_, i) => span(i, i + 0.5));
    const t = timeline(
      {
        recordings: [recording([...spans, span(0, 1000, 'training', 'retrain')]), { ...recording(spans.slice(0, 50)), alternative: 'b' }],
        distributions: [],
      },
      300,
    );
    expect(complete(t).length).toBe(300);
    expect(complete(t).filter((e) => e.name === 'training').length).toBe(1);
    expect(t.metadata.sampled).toBe(true);
    expect(t.metadata.alternatives).toEqual([
      { alternative: 'a', spans_shown: 250, spans_total: 1001, complete_until_ms: 249 },
      { alternative: 'b', spans_shown: 50, spans_total: 50, complete_until_ms: 1000 },
    ]);
  });

  it('is JSON', () => {
    expect(JSON.parse(JSON.stringify(made))).toEqual(made);
  });
});
