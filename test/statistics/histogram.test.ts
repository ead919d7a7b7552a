import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '../../src/random/stream.js';
import { LatencyHistogram } from '../../src/statistics/histogram.js';

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const value of values) histogram.add(value);
  return histogram;
}
const LOWEST = 2 ** -10;
const HIGHEST = 2 ** 30;
const latency = fc.double({ min: LOWEST, max: HIGHEST * (1 - 2 ** -30), noNaN: true });

describe('LatencyHistogram', () => {
  it('is within 1/128 of the nearest rank, for any samples in its range', () => {
    fc.assert(
      fc.property(fc.array(latency, { minLength: 1, maxLength: 200 }), fc.integer({ min: 0, max: 100 }), (values, percent) => {
        const sorted = Float64Array.from(values).sort();
        const exact = sorted[Math.max(1, Math.ceil((percent * values.length) / 100)) - 1];
        expect(Math.abs(histogramOf(values).quantile(percent / 100) - exact)).toBeLessThan(exact / 128);
      }),
      { numRuns: 300 },
    );
  });

  it('puts each value below the upper edge of its bin and not more than 1/128 below', () => {
    fc.assert(
      fc.property(latency, (value) => {
        const entries = histogramOf([value]).entries();
        expect(entries).toHaveLength(1);
        expect(entries[0].count).toBe(1);
        expect(value).toBeLessThan(entries[0].upperMs);
        expect(value * (1 + 1 / 128)).toBeGreaterThanOrEqual(entries[0].upperMs * (1 - 2 ** -50));
      }),
      { examples: [[LOWEST], [1], [Math.PI], [HIGHEST / 2]] },
    );
  });

  it('has exact edges at powers of two, where a value begins a bin', () => {
    expect(histogramOf([1]).entries()).toEqual([{ upperMs: 1 + 1 / 128, count: 1 }]);
    expect(histogramOf([1 - Number.EPSILON]).entries()).toEqual([{ upperMs: 1, count: 1 }]);
    expect(histogramOf([LOWEST]).entries()).toEqual([{ upperMs: LOWEST * (1 + 1 / 128), count: 1 }]);
  });

  it('merges without order: any split gives the same bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double({ min: 0, noNaN: true }), fc.nat(3)), { maxLength: 100 }), (values) => {
        const whole = histogramOf(values.map(([value]) => value));
        const parts = [0, 1, 2, 3].map((part) => histogramOf(values.filter(([, owner]) => owner === part).map(([value]) => value)));
        const forward = new LatencyHistogram();
        for (const part of parts) forward.merge(part);
        const backward = new LatencyHistogram();
        for (const part of parts.toReversed()) backward.merge(part);
        expect(Buffer.compare(Buffer.from(forward.counts.buffer), Buffer.from(whole.counts.buffer))).toBe(0);
        expect(Buffer.compare(Buffer.from(backward.counts.buffer), Buffer.from(whole.counts.buffer))).toBe(0);
        expect(whole.total).toBe(values.length);
      }),
    );
  });

  it('survives the way to another thread as its counts', () => {
    const histogram = histogramOf([1, 2, 3, 1000]);
    const arrived = new LatencyHistogram(structuredClone(histogram.counts));
    expect(arrived.entries()).toEqual(histogram.entries());
    const moved = structuredClone(histogram.counts, { transfer: [histogram.counts.buffer] });
    expect(new LatencyHistogram(moved).entries()).toEqual(arrived.entries());
    expect(() => new LatencyHistogram(new Float64Array(10))).toThrow(/5122 bins, not 10/);
  });

  it('counts past 2^32 in one bin', () => {
    const histogram = histogramOf([5]);
    for (let doubling = 0; doubling < 40; doubling++) histogram.merge(new LatencyHistogram(histogram.counts.slice()));
    histogram.add(5);
    expect(histogram.total).toBe(2 ** 40 + 1);
  });

  it('interpolates inside a bin', () => {
    // The bin of 100 is [100, 100.5).
    const histogram = histogramOf([100, 100.1, 100.2, 100.4]);
    expect([0.25, 0.5, 0.75, 1].map((p) => histogram.quantile(p))).toEqual([100.0625, 100.1875, 100.3125, 100.4375]);
  });

  it('takes the nearest rank even where p · n is rounded up', () => {
    // 0.07 · 100 is 7.000000000000001.
    expect(histogramOf(Array.from({ length: 100 }, (_, i) => 2 ** (i / 4 - 5))).quantile(0.07)).toBeCloseTo(2 ** (6 / 4 - 5), 3);
  });

  it('knows the exponential distribution', () => {
    const draw = stream(1, 'histogram');
    const histogram = new LatencyHistogram();
    for (let i = 0; i < 400_000; i++) histogram.add(-Math.log(1 - draw()) * 100);
    for (const p of [0.5, 0.9, 0.95, 0.99]) expect(histogram.quantile(p) / (-Math.log(1 - p) * 100)).toBeCloseTo(1, 1.7);
  });

  it('keeps what is too small or too large, with a bound instead of a value', () => {
    const small = histogramOf([0, -0, Number.MIN_VALUE, LOWEST * (1 - 2 ** -53)]);
    expect(small.entries()).toEqual([{ upperMs: LOWEST, count: 4 }]);
    expect(small.quantile(1)).toBe(0);
    const large = histogramOf([HIGHEST, 1e300, Infinity]);
    expect(large.entries()).toEqual([{ upperMs: Infinity, count: 3 }]);
    expect(large.quantile(0)).toBe(HIGHEST);
    expect(histogramOf([HIGHEST * (1 - 2 ** -53)]).entries()).toEqual([{ upperMs: HIGHEST, count: 1 }]);
  });

  it('has no quantile when empty', () => {
    const empty = new LatencyHistogram();
    expect(empty.quantile(0.5)).toBeNaN();
    expect(empty.total).toBe(0);
    expect(empty.entries()).toEqual([]);
  });

  it('refuses what no latency can be', () => {
    for (const value of [-1, -1e-300, -Infinity]) expect(() => new LatencyHistogram().add(value)).toThrow(/negative/);
    expect(() => new LatencyHistogram().add(NaN)).toThrow(/NaN/);
    for (const p of [-0.1, 1.1, 95, NaN]) expect(() => histogramOf([1]).quantile(p)).toThrow(RangeError);
  });
});
