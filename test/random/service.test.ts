import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanOfQuantiles, spreadQuantile, spreadSd, type Spread } from '../../src/random/service.js';

/** Raw moments by the midpoint rule over the quantile function. */
function moments(spread: Spread): { mean: number; cv: number } {
  const quantile = spreadQuantile(spread);
  const cells = 1_000_000;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < cells; i++) {
    const value = quantile((i + 0.5) / cells);
    sum += value;
    squares += value * value;
  }
  const mean = sum / cells;
  return { mean, cv: Math.sqrt(squares / cells - mean * mean) / mean };
}

describe('spreadQuantile', () => {
  it.each<[string, Spread, number]>([
    ['deterministic', { distribution: 'deterministic' }, 0],
    ['exponential', { distribution: 'exponential' }, 1],
    // high = (1 − 0.9 · 0.5) / 0.1 = 5.5; variance = 0.9 · 0.25 + 0.1 · 30.25 − 1 = 2.25
    ['two-point', { distribution: 'two-point', low: 0.5, p_low: 0.9 }, 1.5],
    ['narrow lognormal', { distribution: 'lognormal', cv: 0.1 }, 0.1],
    ['wide lognormal', { distribution: 'lognormal', cv: 1 }, 1],
    // Uniform from 0.5 to 1, and from 1 to 1.5: the variance of a uniform value is 1 / 12.
    ['measured', { distribution: 'measured', quantiles: [0.5, 1, 1.5] }, 1 / Math.sqrt(12)],
  ])('%s: mean 1 and the coefficient of variation that it states', (_, spread, cv) => {
    const found = moments(spread);
    expect(found.mean).toBeCloseTo(1, 4);
    expect(Math.abs(found.cv - cv)).toBeLessThan(2e-3);
    expect(Math.abs(spreadSd(spread) - cv)).toBeLessThan(1e-12);
  });

  it('has the distribution that it is named after', () => {
    expect(spreadQuantile({ distribution: 'exponential' })(0.5)).toBeCloseTo(Math.LN2, 15);
    expect(spreadQuantile({ distribution: 'exponential' })(0)).toBeCloseTo(0, 15);
    // The median of a lognormal with mean 1 is 1 / √(1 + cv²).
    expect(spreadQuantile({ distribution: 'lognormal', cv: 2 })(0.5)).toBeCloseTo(1 / Math.sqrt(5), 14);
    const twoPoint = spreadQuantile({ distribution: 'two-point', low: 0.5, p_low: 0.9 });
    expect(twoPoint(0.8999)).toBe(0.5);
    expect(twoPoint(0.9)).toBeCloseTo(5.5, 12);
    const measured = spreadQuantile({ distribution: 'measured', quantiles: [0.5, 0.6, 2.3] });
    [0.5, 0.55, 0.6, 1.45].forEach((factor, i) => expect(measured(i / 4)).toBeCloseTo(factor, 12));
    expect(meanOfQuantiles([0.5, 0.6, 2.3])).toBeCloseTo(1, 12);
  });

  const spreads: Spread[] = [
    { distribution: 'deterministic' },
    { distribution: 'exponential' },
    { distribution: 'two-point', low: 0.2, p_low: 0.7 },
    { distribution: 'lognormal', cv: 0.5 },
    { distribution: 'measured', quantiles: [0.4, 0.8, 0.8, 1.2, 2] },
  ];
  it.each(spreads)('$distribution is finite, not negative, and does not descend on [0, 1)', (spread) => {
    const quantile = spreadQuantile(spread);
    const uniform = fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((k) => k / 2 ** 32);
    fc.assert(
      fc.property(uniform, uniform, (u, v) => {
        const low = quantile(Math.min(u, v));
        const high = quantile(Math.max(u, v));
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeGreaterThanOrEqual(low);
        expect(high).toBeLessThan(Infinity);
      }),
      { examples: [[0, 1 - 2 ** -32]] },
    );
  });
});
