import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Books, BooksError } from '../../src/control/books.js';
import { Outcome } from '../../src/control/driver.js';

const invariantOf = (act: () => void): string | undefined => {
  try {
    act();
  } catch (error) {
    if (error instanceof BooksError) return error.invariant;
    throw error;
  }
  return undefined;
};

describe('books', () => {
  it('balance for any order of births and ends', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.double({ min: 0, max: 1e5, noNaN: true }), fc.constantFrom(0, 1, 2, 3))), (requests) => {
        const books = new Books();
        const events = requests.flatMap(([bornMs, stayMs, outcome]) => [
          { ms: bornMs, bornMs: undefined, outcome },
          { ms: bornMs + stayMs, bornMs, outcome },
        ]);
        // Births before ends where both are in one moment, as for a request that is turned away at once.
        events.sort((x, y) => x.ms - y.ms || (x.bornMs === undefined ? -1 : 1) - (y.bornMs === undefined ? -1 : 1));
        for (const { ms, bornMs, outcome } of events) {
          if (bornMs === undefined) books.birth(ms);
          else books.end(bornMs, outcome, ms);
        }
        books.close();
        expect(books.born).toBe(requests.length);
        expect(books.inSystem).toBe(0);
        for (const outcome of Object.values(Outcome)) expect(books.ended[outcome]).toBe(requests.filter((r) => r[2] === outcome).length);
      }),
    );
  });

  it('name `once` when a request never ends', () => {
    const books = new Books();
    books.birth(0);
    books.birth(1);
    books.end(0, Outcome.answered, 5);
    expect(invariantOf(() => books.close())).toBe('once');
  });

  it('name `once` when a request ends twice', () => {
    const books = new Books();
    books.birth(0);
    books.end(0, Outcome.answered, 5);
    books.end(0, Outcome.answered, 5);
    expect(invariantOf(() => books.close())).toBe('once');
  });

  it('name `causal` when a request ends before its birth', () => {
    const books = new Books();
    books.birth(10);
    expect(invariantOf(() => books.end(10, Outcome.answered, 9))).toBe('causal');
  });

  it("name `little` when a request's birth was written down wrongly", () => {
    const books = new Books();
    books.birth(0);
    books.end(3, Outcome.answered, 10);
    expect(invariantOf(() => books.close())).toBe('little');
  });

  it('stay balanced far from time 0', () => {
    const books = new Books();
    for (let i = 0; i < 1000; i++) {
      const bornMs = 1e9 + i;
      books.birth(bornMs);
      books.end(bornMs, Outcome.answered, bornMs + 0.7);
    }
    books.close();
  });
});
