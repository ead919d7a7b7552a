import { describe, expect, it } from 'vitest';
import type { Fault, FaultEvent } from '../../src/faults/fault.js';
import { FaultScript } from '../../src/faults/script.js';

function eventsOf(faults: readonly Fault[], untilMs: number, seed: number | string = 1, replication = 0): FaultEvent[] {
  const script = new FaultScript(faults, seed, replication);
  const events: FaultEvent[] = [];
  while (script.nextMs <= untilMs) events.push(script.take());
  return events;
}

const told = (events: readonly FaultEvent[]) => events.map(({ atMs, index, begins }) => [atMs, index, begins]);

describe('a script of faults', () => {
  it('gives what is scripted in order of time, at equal times in the order of the list', () => {
    const events = eventsOf(
      [
        { kind: 'lose accelerator', when: { atMs: 50 }, lasts: { forMs: 20 } },
        { kind: 'kill worker', when: { atMs: 70 } },
        { kind: 'kill worker', when: { atMs: 10 } },
      ],
      1e9,
    );
    expect(told(events)).toEqual([
      [10, 2, true],
      [50, 0, true],
      [70, 0, false],
      [70, 1, true],
    ]);
  });

  it('never ends what has no duration', () => {
    expect(told(eventsOf([{ kind: 'lose site', when: { atMs: 5 } }], 1e12))).toEqual([[5, 0, true]]);
  });

  it('gives the beginning and the end of one occurrence the same draw', () => {
    const events = eventsOf([{ kind: 'hang worker', when: { meanEveryMs: 100 }, lasts: { meanForMs: 10 } }], 10_000);
    expect(events.length).toBeGreaterThan(50);
    for (let i = 0; i + 1 < events.length; i += 2) {
      expect([events[i].begins, events[i + 1].begins]).toEqual([true, false]);
      expect(events[i + 1].draw).toBe(events[i].draw);
      if (i > 0) expect(events[i].draw).not.toBe(events[i - 1].draw);
    }
  });

  it('draws up and down times with the means that were asked for', () => {
    const n = 20_000;
    const script = new FaultScript([{ kind: 'lose accelerator', when: { meanEveryMs: 500 }, lasts: { meanForMs: 50 } }], 3, 0);
    let upMs = 0;
    let downMs = 0;
    let lastMs = 0;
    for (let i = 0; i < 2 * n; i++) {
      const { atMs, begins } = script.take();
      if (begins) upMs += atMs - lastMs;
      else downMs += atMs - lastMs;
      lastMs = atMs;
    }
    // The standard error of a mean of n exponential draws is mean / √n; four of them.
    expect(Math.abs(upMs / n - 500)).toBeLessThan((4 * 500) / Math.sqrt(n));
    expect(Math.abs(downMs / n - 50)).toBeLessThan((4 * 50) / Math.sqrt(n));
  });

  it('depends on seed, replication and position, and on no other fault', () => {
    const random: Fault = { kind: 'kill worker', when: { meanEveryMs: 100 } };
    const alone = eventsOf([random], 5000);
    expect(eventsOf([random], 5000)).toEqual(alone);
    expect(eventsOf([random, { kind: 'lose site', when: { meanEveryMs: 30 }, lasts: { meanForMs: 3 } }], 5000).filter(({ index }) => index === 0)).toEqual(alone);
    expect(told(eventsOf([random], 5000, 2))).not.toEqual(told(alone));
    expect(told(eventsOf([random], 5000, 1, 1))).not.toEqual(told(alone));
  });
});
