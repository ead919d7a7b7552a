import { afterEach, describe, expect, it } from 'vitest';
import { replayTrace, type ReplayOptions } from '../../../src/experiment/replay/replay.js';
import type { Sent } from '../../../src/experiment/replay/tally.js';
import { later } from '../../executor/fake-system.js';
import { answer, evenly, refuse, targetServer, type Behaviour, type TargetServer } from './target-server.js';

let server: TargetServer | undefined;
afterEach(() => server?.close());

async function replayed(behave: Behaviour, rows: Parameters<typeof replayTrace>[0], options: Partial<ReplayOptions> = {}) {
  server = await targetServer(behave);
  const sent: Sent[] = [];
  const result = await replayTrace(rows, {
    url: server.url,
    models: new Map([[undefined, 'm']]),
    pace: { mode: 'open', speed: 1 },
    seed: '1',
    limit: Infinity,
    timeoutMs: 10_000,
    mostOpen: 1000,
    ...options,
    onRequest: (one) => {
      sent.push(one);
      options.onRequest?.(one);
    },
  });
  return { result, sent: sent.sort((a, b) => a.ordinal - b.ordinal), server };
}

/** Stops everything in this process, as a sender does that has too much to do. */
const block = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

describe('an open loop', () => {
  it('goes on sending while the server stalls, and every request that was due in the stall shows it', async () => {
    // From the tenth request on, nothing is answered for 300 ms.
    let stall: Promise<void> | undefined;
    let receivedInStall = 0;
    let isStalled = false;
    const { result, sent } = await replayed(async (_, index, response) => {
      if (index === 10) {
        isStalled = true;
        stall = later(300).then(() => void (isStalled = false));
      }
      if (isStalled) receivedInStall++;
      await stall;
      answer(response);
    }, evenly(60, 10));
    expect(result.outcomes).toEqual({ 200: 60 });
    expect(receivedInStall).toBeGreaterThan(10);
    const endMs = sent[10].sentMs + 295;
    const due = sent.filter(({ ordinal, dueMs }) => ordinal >= 10 && dueMs < endMs);
    expect(due.length).toBeGreaterThan(10);
    for (const { dueMs, endedMs } of due) expect(endedMs - dueMs).toBeGreaterThanOrEqual(endMs - dueMs);
    expect(result.latency_from_due_ms!.max).toBeGreaterThan(280);
    expect(result.latency_from_due_ms!.p95).toBeGreaterThan(200);
  });

  it('shows a sender that is behind: in sent, in the latency from due, and in a warning', async () => {
    const { result, sent } = await replayed((_, __, response) => answer(response), evenly(150, 10), { onRequest: ({ ordinal }) => ordinal === 10 && block(300) });
    expect(result.sender_late_ms!.max).toBeGreaterThan(100);
    expect(result.latency_from_due_ms!.max).toBeGreaterThan(100);
    const late = sent.filter(({ sentMs, dueMs }) => sentMs - dueMs > 100);
    expect(late.length).toBeGreaterThan(1);
    for (const { sentMs, dueMs, endedMs } of late) expect(endedMs - dueMs).toBeGreaterThan(sentMs - dueMs);
    expect(result.warnings.join('\n')).toMatch(/^The sender was late: .* at most\. Latencies from due contain it/m);
  });

  it('never sends before the due time, which speed divides', async () => {
    const { result, sent } = await replayed((_, __, response) => answer(response), evenly(20, 20), { pace: { mode: 'open', speed: 4 } });
    sent.forEach(({ ordinal, dueMs, sentMs }) => {
      expect(dueMs).toBe(ordinal * 5);
      expect(sentMs).toBeGreaterThanOrEqual(dueMs);
    });
    expect(result.offered_rps).toBeCloseTo(200, 6);
  });

  it('counts every end by its reason, and keeps the first words of a server that refuses', async () => {
    const { result } = await replayed(
      (_, index, response) => {
        if (index % 4 === 0) answer(response);
        else if (index % 4 === 1) refuse(response, 503, 'too many wait');
        else if (index % 4 === 2) response.destroy();
      },
      evenly(12, 1),
      { timeoutMs: 300 },
    );
    expect(result.outcomes).toEqual({ 200: 3, 503: 3, ECONNRESET: 3, timeout: 3 });
    expect(result).toMatchObject({ requests: 12, answered: 3, refusals: { 503: '{"error":"too many wait"}' } });
    expect(result.warnings.join('\n')).toMatch(/3 requests were given up after 0\.3 s and are in no percentile/);
    expect(result.warnings.join('\n')).toContain('Latencies are of the 25.0 % of requests that were answered with 200.');
  });

  it('notices an answer that is cut off', async () => {
    const { result } = await replayed((_, __, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half');
      setTimeout(() => response.destroy(), 20);
    }, evenly(2, 1));
    expect(result.outcomes).toEqual({ cut_off: 2 });
  });

  it('does not open more than it may, and says what it did not send', async () => {
    const { result, server } = await replayed((_, __, response) => void later(200).then(() => answer(response)), evenly(10, 1), { mostOpen: 3 });
    expect(server.mostOpen()).toBe(3);
    expect(result.outcomes).toEqual({ 200: 3, not_sent: 7 });
    expect(result.warnings.join('\n')).toContain('7 requests were not sent, since 3 were open already');
  });

  it('tells the server the SLO that is left, and counts what was answered within it', async () => {
    async function* rows() {
      yield { timeMs: 0, sloMs: 60_000 };
      yield { timeMs: 1, sloMs: 0.001 };
      yield { timeMs: 2 };
    }
    const { result, server } = await replayed((_, __, response) => answer(response), rows());
    expect(server.received.map(({ headers }) => headers['x-slo-ms'])).toEqual(['60000', '0.001', undefined]);
    expect(result.slo_attainment).toBe(0.5);
  });

  it('ends when it is interrupted, with what was open as interrupted', async () => {
    const interrupt = new AbortController();
    const { result } = await replayed(
      (_, index, response) => {
        if (index < 5) answer(response);
        else if (index === 7) interrupt.abort();
      },
      evenly(1000, 5),
      { signal: interrupt.signal },
    );
    expect(result.interrupted).toBe(true);
    expect(result.outcomes).toMatchObject({ 200: 5 });
    expect(result.outcomes.interrupted).toBeGreaterThanOrEqual(3);
    expect(result.requests).toBeLessThan(1000);
  });

  it('sends no more than the limit, of an endless stream', async () => {
    const { result, server } = await replayed((_, __, response) => answer(response), evenly(Infinity, 1), { limit: 7 });
    expect(result.requests).toBe(7);
    expect(server.received).toHaveLength(7);
  });
});

describe('a closed loop', () => {
  it('has as many requests open as clients, each after the answer of the one before and its pause', async () => {
    const { result, sent, server } = await replayed((_, __, response) => void later(20).then(() => answer(response)), evenly(12, 1000), { pace: { mode: 'closed', clients: 3, think_ms: 10 } });
    expect(result.outcomes).toEqual({ 200: 12 });
    expect(server.mostOpen()).toBe(3);
    expect(result.most_open).toBe(3);
    // The fourth request of any client began after three answers of 20 ms and three pauses of 10 ms.
    expect(Math.max(...sent.map(({ sentMs }) => sentMs))).toBeGreaterThan(85);
    expect(result).not.toHaveProperty('offered_rps');
    expect(result.warnings.join('\n')).toContain('In a closed loop a slow server is asked less');
  });
});

describe('apps', () => {
  it('go to their models, and are counted apart', async () => {
    async function* rows() {
      for (let i = 0; i < 6; i++) yield { timeMs: i, app: i % 3 === 0 ? 'faces' : 'plants' };
    }
    const models = new Map([['plants', 'm'], ['faces', 'm']]);
    const { result } = await replayed((_, __, response) => answer(response), rows(), { models });
    expect(result.apps).toMatchObject([{ app: 'plants', model: 'm', requests: 4 }, { app: 'faces', model: 'm', requests: 2 }]);
  });

  it('without a model are told', async () => {
    const models = new Map([['plants', 'm']]);
    await expect(replayed((_, __, response) => answer(response), evenly(3, 1, { app: 'plnats' }), { models })).rejects.toThrow('the trace has requests of app plnats, which has no model; did you mean plants?');
  });
});

it('a trace without requests is a mistake', async () => {
  await expect(replayed((_, __, response) => answer(response), evenly(0, 1))).rejects.toThrow('the trace has no requests');
});
