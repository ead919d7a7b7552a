import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Contention } from '../../src/contention/contract.js';
import { Accelerator } from '../../src/simulator/accelerator.js';
import { MixGraph, OWN_CLASSES } from '../../src/simulator/mix.js';

const A = OWN_CLASSES;
const B = OWN_CLASSES + 1;

/** Slowdowns of two classes that depend on both counts, irregular on purpose. */
const slowdownA = (a: number, b: number): number => 1 + 0.5 * (a - 1) + 0.7 * b;
const slowdownB = (a: number, b: number): number => 1 + 0.9 * (b - 1) + 0.3 * a * a;
const contention: Contention = {
  slowdowns([a, b], slowdown) {
    if (a > 0) slowdown[0] = slowdownA(a, b);
    if (b > 0) slowdown[1] = slowdownB(a, b);
    return a + b > 4 ? 'more than four' : undefined;
  },
};
const accelerator = () => new Accelerator(new MixGraph(contention, 2, Infinity));

/** Ends everything in progress. @returns [time, subject] of each end */
function runOut(device: Accelerator): [number, number][] {
  const ends: [number, number][] = [];
  while (device.load > 0) {
    const nowMs = device.nextMs();
    ends.push([nowMs, device.endNext(nowMs)]);
  }
  return ends;
}

describe('accelerator', () => {
  it('has no next end without work', () => {
    expect(accelerator().nextMs()).toBe(Infinity);
  });

  it('lets a single activity take its time alone', () => {
    const device = accelerator();
    device.begin(A, 7, 3, 100);
    expect(device.nextMs()).toBe(107);
    expect(device.endingClass).toBe(A);
    expect(device.endNext(107)).toBe(3);
    expect(device.busyMs).toBe(7);
  });

  it('ends activities of no work at once, in the order in which they came to an end', () => {
    const device = accelerator();
    device.begin(A, 0, 1, 5);
    device.begin(B, 1, 2, 5);
    expect(runOut(device)).toEqual([
      [5, 1],
      [6, 2],
    ]);
  });

  it('gives back the work that is left of what is taken out', () => {
    // Together A runs at 1/1.7 and B at 1/1.3; B alone at 1.
    const device = accelerator();
    device.begin(A, 10, 1, 0);
    device.begin(B, 10, 2, 0);
    expect(device.remove(A, 1, 3.4)).toBeCloseTo(8, 12);
    expect(device.leftMs(B, 2)).toBeCloseTo(10 - 3.4 / 1.3, 12);
    device.nextMs();
    expect(runOut(device)).toEqual([[expect.closeTo(3.4 + 10 - 3.4 / 1.3, 9), 2]]);
  });

  it('counts the time outside the measured domain, and names it', () => {
    const device = accelerator();
    for (let i = 0; i < 5; i++) device.begin(A, 3, i, 0);
    expect(device.outsideMs).toBe(0);
    // Five at s = 3: all end at 9, one by one in the same moment.
    const ends = runOut(device);
    expect(ends.map(([timeMs]) => timeMs)).toEqual(Array(5).fill(expect.closeTo(9, 9)));
    expect(device.outsideMs).toBeCloseTo(9, 9);
    expect(device.outside).toBe('more than four');
  });

  it('agrees with a reference that keeps the work left of each activity', () => {
    const activity = fc.record({ c: fc.constantFrom(A, B), workMs: fc.integer({ min: 0, max: 40 }), gapMs: fc.integer({ min: 0, max: 12 }) });
    fc.assert(
      fc.property(fc.array(activity, { minLength: 1, maxLength: 25 }), fc.nat(3), (activities, every) => {
        const device = accelerator();
        let open: { subject: number; c: number; leftMs: number }[] = [];
        let nowMs = 0;
        let busyMs = 0;
        const rateOf = (c: number): number => {
          const a = open.filter((o) => o.c === A).length;
          return 1 / (c === A ? slowdownA(a, open.length - a) : slowdownB(a, open.length - a));
        };
        const pass = (toMs: number): void => {
          const rates = open.map((o) => rateOf(o.c));
          if (open.length > 0) busyMs += toMs - nowMs;
          open.forEach((o, i) => (o.leftMs -= (toMs - nowMs) * rates[i]));
          nowMs = toMs;
        };
        /** Ends what ends up to this time, in the device and in the reference. */
        const proceed = (toMs: number): void => {
          while (open.length > 0) {
            const dueMs = Math.min(...open.map((o) => nowMs + Math.max(0, o.leftMs) / rateOf(o.c)));
            const foreseenMs = device.nextMs();
            expect(foreseenMs).toBeCloseTo(dueMs, 6);
            if (dueMs > toMs) break;
            pass(dueMs);
            const subject = device.endNext(Math.max(dueMs, foreseenMs));
            expect(open.find((o) => o.subject === subject)!.leftMs).toBeCloseTo(0, 6);
            open = open.filter((o) => o.subject !== subject);
          }
          if (toMs < Infinity) pass(Math.max(nowMs, toMs));
        };
        activities.forEach(({ c, workMs, gapMs }, subject) => {
          proceed(nowMs + gapMs);
          device.begin(c, workMs, subject, nowMs);
          open.push({ subject, c, leftMs: workMs });
          if (every > 0 && subject % (every + 1) === every) {
            const out = open[subject % open.length];
            expect(device.remove(out.c, out.subject, nowMs)).toBeCloseTo(out.leftMs, 6);
            open = open.filter((o) => o !== out);
          }
        });
        proceed(Infinity);
        expect(device.load).toBe(0);
        expect(device.busyMs).toBeCloseTo(busyMs, 6);
      }),
    );
  });

  it('keeps its precision through a long run', () => {
    // A clock that went on from 1e12 would know the 0.1 to 1e-4 only.
    const device = accelerator();
    device.begin(A, 1e12, 0, 0);
    device.nextMs();
    device.endNext(1e12);
    device.begin(A, 0.1, 0, 1e12);
    expect(device.leftMs(A, 0)).toBe(0.1);
  });
});
