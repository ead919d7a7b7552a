import { describe, expect, it } from 'vitest';
import { stream } from '../../src/random/stream.js';
import { ClientSource, OpenSource, type Source } from '../../src/simulator/sources.js';
import { arrivalsOf, type Arrivals } from '../../src/trace/arrivals.js';

interface Born {
  ms: number;
  ordinal: number;
  sloMs: number;
}

/** Everything that an open source brings, waiting where it asks for it. */
async function drain(source: Source): Promise<Born[]> {
  const born: Born[] = [];
  source.open();
  for (;;) {
    if (source.pending) await source.pending;
    if (source.exhausted) return born;
    born.push({ ms: source.nextMs, ordinal: source.ordinal, sloMs: source.sloMs });
    source.advance();
  }
}

describe('an open source', () => {
  const births = Float64Array.from({ length: 10_000 }, (_, i) => i / 4);

  it('brings every request once and in order, over several blocks', async () => {
    const born = await drain(new OpenSource(0, arrivalsOf({ timeMs: births, sloMs: undefined }), 50, Infinity));
    expect(born.map((b) => b.ms)).toEqual([...births]);
    expect(born.map((b) => b.ordinal)).toEqual([...births.keys()]);
    expect(born.every((b) => b.sloMs === 50)).toBe(true);
  });

  it("uses a request's own SLO, and the app's where it has none", async () => {
    const sloMs = Float64Array.from(births, (_, i) => (i % 3 === 0 ? NaN : i));
    const born = await drain(new OpenSource(0, arrivalsOf({ timeMs: births, sloMs }), 50, Infinity));
    expect(born.map((b) => b.sloMs)).toEqual([...births].map((_, i) => (i % 3 === 0 ? 50 : i)));
  });

  it('ends with the run, whose last moment still counts', async () => {
    const born = await drain(new OpenSource(0, arrivalsOf({ timeMs: births, sloMs: undefined }), 50, 2));
    expect(born.map((b) => b.ms)).toEqual([0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]);
  });

  it('waits for a file, and brings the same', async () => {
    const held = arrivalsOf({ timeMs: births, sloMs: undefined });
    const slow: Arrivals = { hasSlo: false, read: (timeMs, sloMs) => Promise.resolve(held.read(timeMs.subarray(0, 7), sloMs)), close: () => undefined };
    const source = new OpenSource(0, slow, 50, Infinity);
    const born = await drain(source);
    expect(born.map((b) => b.ms)).toEqual([...births]);
    expect(source.nextMs).toBe(Infinity);
  });

  it('of nothing is exhausted at once', async () => {
    expect(await drain(new OpenSource(0, arrivalsOf({ timeMs: new Float64Array(0), sloMs: undefined }), 50, Infinity))).toEqual([]);
  });
});

describe('closed-loop clients', () => {
  const draws = (count: number) => Array.from({ length: count }, (_, client) => stream(1, 'think', client));

  it('think, send, wait for their own answer, and think again', () => {
    const source = new ClientSource(0, { count: 2, think_ms: 10, think: 'fixed', retry_after_ms: 1000 }, draws(2), 100, 1000);
    source.open();
    expect([source.nextMs, source.client, source.ordinal]).toEqual([10, 0, 0]);
    source.advance();
    expect([source.nextMs, source.client]).toEqual([10, 1]);
    source.advance();
    expect(source.nextMs).toBe(Infinity);
    expect(source.exhausted).toBe(false);
    source.ended(1, false, 13);
    expect([source.nextMs, source.client, source.ordinal]).toEqual([23, 1, 1]);
    source.ended(0, false, 12);
    expect([source.nextMs, source.client, source.ordinal]).toEqual([22, 0, 1]);
  });

  it('that were turned away pause before they try again', () => {
    const next = (retryAfterMs: number): number => {
      const source = new ClientSource(0, { count: 1, think_ms: 10, think: 'fixed', retry_after_ms: retryAfterMs }, draws(1), 100, 10_000);
      source.open();
      source.advance();
      source.ended(0, true, 20);
      return source.nextMs;
    };
    expect(next(1000)).toBe(1020);
    expect(next(5)).toBe(30);
  });

  it('send no more than they were asked to, nor after the end of the run', () => {
    const few = new ClientSource(0, { count: 1, think_ms: 1, think: 'fixed', retry_after_ms: 1000, requests: 2 }, draws(1), 100, 1000);
    few.open();
    few.advance();
    few.ended(0, false, 5);
    few.advance();
    expect(few.exhausted).toBe(false);
    few.ended(0, false, 9);
    expect(few.exhausted).toBe(true);
    expect(few.nextMs).toBe(Infinity);

    const late = new ClientSource(0, { count: 1, think_ms: 10, think: 'fixed', retry_after_ms: 1000 }, draws(1), 100, 25);
    late.open();
    late.advance();
    late.ended(0, false, 15);
    expect(late.nextMs).toBe(25);
    late.advance();
    late.ended(0, false, 25);
    expect(late.exhausted).toBe(true);
  });

  it('draw their think times each from their own stream', () => {
    const think = (order: number[]) => {
      const source = new ClientSource(0, { count: 3, think_ms: 10, think: 'exponential', retry_after_ms: 1000 }, draws(3), 100, Infinity);
      source.open();
      for (let i = 0; i < 3; i++) source.advance();
      const times = new Map<number, number>();
      for (const client of order) {
        source.ended(client, false, 0);
        times.set(client, source.nextMs);
        source.advance();
      }
      return [0, 1, 2].map((client) => times.get(client));
    };
    expect(think([2, 0, 1])).toEqual(think([0, 1, 2]));
  });
});
