import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Agenda } from '../../src/simulator/agenda.js';

describe('agenda', () => {
  it('has nothing due at first', () => {
    const agenda = new Agenda(3);
    expect(agenda.firstMs).toBe(Infinity);
    expect([0, 1, 2].map((slot) => agenda.at(slot))).toEqual([Infinity, Infinity, Infinity]);
  });

  it('always gives the earliest slot, at equal times the lowest, whatever was set in which order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.array(fc.tuple(fc.nat(11), fc.constantFrom(0, 1, 2, 3, 4, 5, Infinity)), { maxLength: 200 }), (slots, changes) => {
        const agenda = new Agenda(slots);
        const times = new Array<number>(slots).fill(Infinity);
        for (const [slot, timeMs] of changes) {
          if (slot >= slots) continue;
          agenda.set(slot, timeMs);
          times[slot] = timeMs;
          const least = Math.min(...times);
          expect(agenda.firstMs).toBe(least);
          expect(agenda.first).toBe(times.indexOf(least));
          expect(agenda.at(slot)).toBe(timeMs);
        }
      }),
    );
  });
});
