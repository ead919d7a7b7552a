import { describe, expect, test } from 'vitest';
import { arrivalsOf, type Arrivals } from '../../src/trace/arrivals.js';
import { cachedArrivals } from '../../src/trace/cached.js';
import { readAll } from './read-all.js';

/** A trace that has to be waited for, and counts how often it was opened and closed. */
function slowTrace(rows: number, { slo = false, failAt = Infinity } = {}) {
  const count = { opened: 0, closed: 0 };
  const block = {
    timeMs: Float64Array.from({ length: rows }, (_, i) => i),
    sloMs: slo ? Float64Array.from({ length: rows }, (_, i) => (i % 2 === 0 ? 100 : NaN)) : undefined,
  };
  const open = async (): Promise<Arrivals> => {
    count.opened++;
    const inner = arrivalsOf(block);
    let read = 0;
    return {
      hasSlo: inner.hasSlo,
      async read(timeMs, sloMs) {
        // Short blocks, as at the end of a piece of a file.
        read += 1;
        if (read > failAt) throw new Error('disk on fire');
        return inner.read(timeMs.subarray(0, 777), sloMs.subarray(0, 777));
      },
      close() {
        count.closed++;
      },
    };
  };
  return { open, count, block };
}

describe('a trace in memory', () => {
  test('is read once, however often it is replayed, and gives the same rows', async () => {
    for (const rows of [0, 1, 4095, 4096, 4097, 20_000]) {
      const { open, count, block } = slowTrace(rows, { slo: true });
      const cached = cachedArrivals(open);
      for (let replay = 0; replay < 3; replay++) {
        const found = await readAll(await cached(), 500);
        expect(found).toEqual({ timeMs: [...block.timeMs], sloMs: [...block.sloMs!] });
      }
      expect(count).toEqual({ opened: 1, closed: 1 });
    }
  });

  test('never waits after the first opening', async () => {
    const cached = cachedArrivals(slowTrace(1000).open);
    await cached();
    const arrivals = cached();
    expect(arrivals).not.toBeInstanceOf(Promise);
    expect((arrivals as Arrivals).hasSlo).toBe(false);
    const block = new Float64Array(600);
    expect([0, 1, 2, 3].map(() => (arrivals as Arrivals).read(block, block))).toEqual([600, 400, 0, 0]);
  });

  test('streams do not disturb each other, and writing into a block changes nothing', async () => {
    const cached = cachedArrivals(slowTrace(1000).open);
    const [a, b] = [await cached(), await cached()];
    const block = new Float64Array(10);
    await a.read(block, block);
    block.fill(-1);
    expect((await readAll(b)).timeMs.slice(0, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect((await readAll(a)).timeMs[0]).toBe(10);
  });

  test('two that ask at once share one reading', async () => {
    const { open, count } = slowTrace(1000);
    const cached = cachedArrivals(open);
    await Promise.all([cached(), cached(), cached()]);
    expect(count).toEqual({ opened: 1, closed: 1 });
  });
});

describe('a trace too long for memory', () => {
  test('is streamed every time, and one row is the difference', async () => {
    for (const [rows, opened] of [
      [5000, 1],
      [5001, 4],
    ]) {
      const { open, count, block } = slowTrace(rows);
      const cached = cachedArrivals(open, 5000);
      for (let replay = 0; replay < 3; replay++) expect((await readAll(await cached())).timeMs).toEqual([...block.timeMs]);
      expect(count).toEqual({ opened, closed: opened });
    }
  });
});

test('a failure is passed on, and what was open is closed', async () => {
  const { open, count } = slowTrace(5000, { failAt: 2 });
  const cached = cachedArrivals(open);
  await expect(Promise.resolve(cached())).rejects.toThrow('disk on fire');
  expect(count).toEqual({ opened: 1, closed: 1 });
});
