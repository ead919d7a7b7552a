import { describe, expect, it } from 'vitest';
import { Outcome } from '../../../src/control/driver.js';
import { sendOnTime, type SentRequest } from '../../../src/experiment/verify/send-on-time.js';
import { ClientSource, OpenSource } from '../../../src/simulator/sources.js';
import { stream } from '../../../src/random/stream.js';
import { arrivalsOf } from '../../../src/trace/arrivals.js';

const open = (times: number[], untilMs = Infinity, sloMs = Infinity) => new OpenSource(0, arrivalsOf({ timeMs: Float64Array.from(times), sloMs: undefined }), sloMs, untilMs);
const clients = (count: number, think_ms: number, requests?: number, untilMs = Infinity) =>
  new ClientSource(1, { count, think_ms, think: 'fixed', retry_after_ms: 1000, requests }, Array.from({ length: count }, (_, i) => stream(1, i)), 100, untilMs);

/** Sends, and answers each request so many ms after it came. */
function send(sources: Parameters<typeof sendOnTime>[0]['sources'], { horizonMs = Infinity, answerMs = 0, signal = new AbortController().signal } = {}): Promise<SentRequest[]> {
  const originMs = performance.now();
  return sendOnTime({
    sources,
    horizonMs,
    nowMs: () => performance.now() - originMs,
    submit: (_app, _sloMs, done) => void setTimeout(done, answerMs, Outcome.answered),
    signal,
  });
}

describe('an open stream', () => {
  it('is sent in order, each request when it is due and none before', async () => {
    const times = [0, 3.5, 3.5, 20.25, 41];
    const sent = await send([open(times, Infinity, 70)]);
    expect(sent.map(({ dueMs }) => dueMs)).toEqual(times);
    for (const { dueMs, sentMs, sloMs } of sent) {
      expect(sentMs).toBeGreaterThan(dueMs - 0.1);
      expect(sloMs).toBe(70);
    }
  });

  it('does not wait for answers', async () => {
    const sent = await send([open([0, 5, 10])], { answerMs: 60_000 });
    expect(sent.map(({ outcome }) => outcome)).toEqual([undefined, undefined, undefined]);
  });

  it('that is due all at once is sent all the same, and shows how late', async () => {
    const sent = await send([open(new Array<number>(5000).fill(1))]);
    expect(sent).toHaveLength(5000);
    const late = sent.map(({ dueMs, sentMs }) => sentMs - dueMs);
    expect([...late].sort((a, b) => a - b)).toEqual(late);
    expect(late.at(-1)).toBeGreaterThan(0);
  });

  it('lasts to the end of the window, beyond its last request', async () => {
    const sinceMs = performance.now();
    const sent = await send([open([0, 200], 100)], { horizonMs: 100 });
    expect(sent).toHaveLength(1);
    expect(performance.now() - sinceMs).toBeGreaterThan(99);
  });
});

describe('clients', () => {
  it('send their next request when the last one is answered and they have thought', async () => {
    const sent = await send([clients(2, 10, 4)], { answerMs: 5 });
    expect(sent).toHaveLength(8);
    const ends = sent.map(({ endedMs }) => endedMs).sort((a, b) => a - b);
    const dues = sent.map(({ dueMs }) => dueMs).sort((a, b) => a - b);
    // The first of each is due after its thought alone; each further one so long after the answer before it.
    expect(dues.slice(0, 2)).toEqual([10, 10]);
    for (const dueMs of dues.slice(2)) expect(ends.some((endedMs) => Math.abs(endedMs + 10 - dueMs) < 1e-6)).toBe(true);
  });

  it('and open streams go together', async () => {
    const sent = await send([open([0, 15, 30]), clients(1, 5, 5)], { answerMs: 1 });
    expect(sent.filter(({ app }) => app === 0)).toHaveLength(3);
    expect(sent.filter(({ app }) => app === 1)).toHaveLength(5);
  });
});

it('stops when it is interrupted', async () => {
  const interrupt = new AbortController();
  setTimeout(() => interrupt.abort(), 30);
  const sent = await send([open([0, 10, 1e9])], { signal: interrupt.signal });
  expect(sent.length).toBeLessThanOrEqual(2);
});
