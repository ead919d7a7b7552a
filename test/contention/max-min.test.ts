import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxMinRates } from '../../src/contention/max-min.js';

describe('by hand', () => {
  it('one resource, equal demands: equal parts', () => {
    expect([...maxMinRates([1, 1, 1], [[1], [1], [1]], [1.5], [1, 1, 1])]).toEqual([0.5, 0.5, 0.5]);
  });

  it('the classical three flows over two links: the long one and the short one share the narrow link, the other gets the rest', () => {
    // Flow 0 crosses both links, flow 1 the narrow one (1), flow 2 the wide one (2).
    expect([...maxMinRates([1, 1, 1], [[1, 1], [1, 0], [0, 1]], [1, 2], [9, 9, 9])]).toEqual([0.5, 0.5, 1.5]);
  });

  it('what a capped process leaves goes to the others', () => {
    const rate = maxMinRates([1, 2], [[1], [1]], [1], [0.2, 1]);
    expect(rate[0]).toBe(0.2);
    expect(rate[1]).toBeCloseTo(0.4, 12);
  });

  it('rates are fair, not amounts: a process with twice the demand gets the same rate', () => {
    expect([...maxMinRates([1, 1], [[2], [1]], [1.5], [1, 1])]).toEqual([0.5, 0.5]);
  });

  it('with room for all everyone runs at its cap, and kinds that are absent get nothing', () => {
    expect([...maxMinRates([1, 0, 2], [[0.1], [5], [0.2]], [1], [1, 1, 0.7])]).toEqual([1, 0, 0.7]);
  });

  it.each([
    [[0], [1], /capacity 0 is 0/],
    [[1], [0], /cap 0 is 0/],
    [[1], [Infinity], /cap 0 is Infinity/],
    [[NaN], [1], /capacity 0 is NaN/],
  ])('capacities %j and caps %j are refused', (capacity, cap, message) => {
    expect(() => maxMinRates([1], [[1]], capacity, cap)).toThrow(message);
  });

  it('negative demands are refused', () => {
    expect(() => maxMinRates([1], [[-1]], [1], [1])).toThrow(/demand 0, 0 is -1/);
  });
});

describe('for any demands', () => {
  const amount = fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 5, noNaN: true }));
  const positive = fc.double({ min: 0.05, max: 10, noNaN: true });
  const cases = fc.integer({ min: 1, max: 4 }).chain((resources) =>
    fc.integer({ min: 1, max: 6 }).chain((kinds) =>
      fc.record({
        counts: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: kinds, maxLength: kinds }),
        demand: fc.array(fc.array(amount, { minLength: resources, maxLength: resources }), { minLength: kinds, maxLength: kinds }),
        capacity: fc.array(positive, { minLength: resources, maxLength: resources }),
        cap: fc.array(positive, { minLength: kinds, maxLength: kinds }),
      }),
    ),
  );
  const used = (rate: Float64Array, { counts, demand }: { counts: number[]; demand: number[][] }, r: number): number =>
    counts.reduce((sum, n, i) => sum + n * demand[i][r] * rate[i], 0);

  it('no resource is overcommitted and no cap exceeded', () => {
    fc.assert(
      fc.property(cases, (c) => {
        const rate = maxMinRates(c.counts, c.demand, c.capacity, c.cap);
        c.capacity.forEach((most, r) => expect(used(rate, c, r)).toBeLessThanOrEqual(most * (1 + 1e-9)));
        rate.forEach((x, i) => expect(x).toBeLessThanOrEqual(c.cap[i]));
        rate.forEach((x, i) => expect(x > 0).toBe(c.counts[i] > 0));
      }),
    );
  });

  // The bottleneck criterion: an allocation is max-min fair exactly if everyone is at its cap, or needs a full resource on which nobody is faster.
  it('everyone has a bottleneck: its cap, or a full resource on which nobody is faster', () => {
    fc.assert(
      fc.property(cases, (c) => {
        const rate = maxMinRates(c.counts, c.demand, c.capacity, c.cap);
        c.counts.forEach((n, i) => {
          if (n === 0 || rate[i] >= c.cap[i]) return;
          const bottleneck = c.capacity.some(
            (most, r) =>
              c.demand[i][r] > 0 &&
              used(rate, c, r) >= most * (1 - 1e-9) &&
              c.counts.every((m, j) => m === 0 || c.demand[j][r] === 0 || rate[j] <= rate[i] * (1 + 1e-9)),
          );
          expect(bottleneck).toBe(true);
        });
      }),
    );
  });

  it('n of a kind are n kinds of one', () => {
    fc.assert(
      fc.property(cases, (c) => {
        const together = maxMinRates(c.counts, c.demand, c.capacity, c.cap);
        const of = c.counts.flatMap((n, i) => Array.from({ length: n }, () => i));
        const apart = maxMinRates(of.map(() => 1), of.map((i) => c.demand[i]), c.capacity, of.map((i) => c.cap[i]));
        of.forEach((i, k) => expect(apart[k]).toBeCloseTo(together[i], 9));
      }),
    );
  });
});
