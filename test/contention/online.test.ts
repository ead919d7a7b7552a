import { describe, expect, it } from 'vitest';
import { OnlineResiduals } from '../../src/contention/online.js';
import { normal } from '../../src/random/normal.js';
import { stream } from '../../src/random/stream.js';

const noisy = (seed: number, sd: number, n: number, factor: number, correlation = 0) => {
  const draw = stream(seed, 'online');
  let state = normal(draw);
  return Array.from({ length: n }, () => {
    const value = factor * Math.exp(sd * state);
    state = correlation * state + Math.sqrt(1 - correlation * correlation) * normal(draw);
    return value;
  });
};

describe('exponentially weighted residuals', () => {
  it('start at the profile, and are the plain mean of the first two', () => {
    const r = new OnlineResiduals({ sd: 0.1, weight: 0.5 });
    expect([r.factor, r.standardError, r.stale]).toEqual([1, Infinity, undefined]);
    r.observe(110, 100);
    expect(r.factor).toBeCloseTo(1.1, 12);
    expect(r.standardError).toBeCloseTo(0.1, 12);
    r.observe(100, 100);
    // Weights ½·½ and ½ of what is there: one third and two thirds.
    expect(r.factor).toBeCloseTo(Math.exp(Math.log(1.1) / 3), 12);
  });

  it('state their own error as it is: of many runs, 95 % lie within 1.96 of it, also where rows repeat each other', () => {
    for (const correlation of [0, 0.6]) {
      let inside = 0;
      for (let seed = 0; seed < 400; seed++) {
        const r = new OnlineResiduals({ sd: 0.05, weight: 0.02, correlation });
        for (const v of noisy(seed, 0.05, 500, 1.2, correlation)) r.observe(10 * v, 10);
        if (Math.abs(Math.log(r.factor / 1.2)) <= 1.96 * r.standardError) inside++;
      }
      expect(inside / 400).toBeGreaterThan(0.92);
      expect(inside / 400).toBeLessThan(0.98);
    }
  });

  it('follow a machine that becomes slower, and call the profile stale only when it matters', () => {
    const r = new OnlineResiduals({ sd: 0.05 });
    for (const v of noisy(1, 0.05, 2000, 1.05)) {
      r.observe(v, 1);
      expect(r.stale).toBeUndefined();
    }
    const after = noisy(2, 0.05, 400, 1.3).findIndex((v) => (r.observe(v, 1), r.stale !== undefined));
    expect(after).toBeGreaterThan(3);
    expect(after).toBeLessThan(60);
    expect(r.stale).toMatch(/^takes \d+ % longer than the profile says; corun calibrate makes a new one$/);
  });

  it('say so when work takes less time than the profile says', () => {
    const r = new OnlineResiduals({ sd: 0.01 });
    for (let i = 0; i < 300; i++) r.observe(5, 10);
    expect(r.stale).toBe('takes 50 % less time than the profile says; corun calibrate makes a new one');
  });

  it('hardly ever cry wolf over a right profile, even without a tolerance, and never with the usual one', () => {
    let runs = 0;
    for (let seed = 0; seed < 200; seed++) {
      const [strict, usual] = [new OnlineResiduals({ sd: 0.2, tolerance: 0 }), new OnlineResiduals({ sd: 0.2 })];
      let cried = false;
      for (const v of noisy(1000 + seed, 0.2, 500, 1)) {
        strict.observe(v, 1);
        usual.observe(v, 1);
        cried ||= strict.stale !== undefined;
        expect(usual.stale).toBeUndefined();
      }
      if (cried) runs++;
    }
    expect(runs).toBeLessThanOrEqual(3);
  });

  it.each([
    [{ sd: -1 }, 'sd -1'],
    [{ sd: 0.1, weight: 0 }, 'weight 0'],
    [{ sd: 0.1, correlation: 1 }, 'correlation 1'],
    [{ sd: 0.1, tolerance: -1 }, 'tolerance -1'],
  ])('refuse %j', (options, message) => {
    expect(() => new OnlineResiduals(options)).toThrow(message);
  });

  it('refuse durations that are none', () => {
    expect(() => new OnlineResiduals({ sd: 0.1 }).observe(0, 10)).toThrow('observed 0 ms');
  });
});
