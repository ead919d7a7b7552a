import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cycleTimes } from '../../../src/contention/fit/mva.js';

const one = (count: number, demands: number[], think: number): number => cycleTimes([{ count, demands, think }])[0];

describe('mean value analysis', () => {
  it('gives n times the service time where nobody thinks', () => {
    for (const n of [1, 2, 7, 40]) expect(one(n, [3], 0)).toBeCloseTo(3 * n, 10);
  });

  it('gives D (n + M - 1) for M balanced stations', () => {
    for (const n of [1, 2, 5, 12]) expect(one(n, [2, 2, 2], 0)).toBeCloseTo(2 * (n + 2), 10);
  });

  it('agrees with the machine repairmen, worked by hand for two: R = D (1 + D / (D + Z))', () => {
    expect(one(2, [4], 6)).toBeCloseTo(6 + 4 * (1 + 4 / 10), 12);
  });

  it('splits a class in two without changing what happens', () => {
    const whole = one(5, [0.6], 0.4);
    const [a, b] = cycleTimes([
      { count: 2, demands: [0.6], think: 0.4 },
      { count: 3, demands: [0.6], think: 0.4 },
    ]);
    expect(a).toBeCloseTo(whole, 12);
    expect(b).toBeCloseTo(whole, 12);
  });

  it('never breaks the utilisation law, and lies between the asymptotic bounds', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ count: fc.integer({ min: 1, max: 6 }), d: fc.double({ min: 0.01, max: 1, noNaN: true }) }), { minLength: 1, maxLength: 3 }), (classes) => {
        const times = cycleTimes(classes.map(({ count, d }) => ({ count, demands: [d], think: 1 - d })));
        const busy = classes.reduce((sum, { count, d }, i) => sum + (count * d) / times[i], 0);
        expect(busy).toBeLessThanOrEqual(1 + 1e-9);
        times.forEach((t, i) => {
          expect(t).toBeGreaterThanOrEqual(1 - 1e-12);
          const others = classes.reduce((sum, c, j) => sum + (c.count - Number(i === j)), 0);
          expect(t).toBeLessThanOrEqual(1 + classes[i].d * others + 1e-9);
        });
      }),
    );
  });

  it('is approximated within a few percent where there are too many populations', () => {
    const classes = [
      { count: 200, demands: [0.01], think: 0.99 },
      { count: 200, demands: [0.002], think: 0.998 },
    ];
    const [a, b] = cycleTimes(classes);
    // 200 × 0.01 + 200 × 0.002 asks for 2.4 of 1: the station is full, and shares out its time.
    expect(200 * (0.01 / a + 0.002 / b)).toBeGreaterThan(0.99);
    expect(200 * (0.01 / a + 0.002 / b)).toBeLessThanOrEqual(1 + 1e-9);
  });
});
