import { describe, expect, it } from 'vitest';
import normal from '../../../src/trace/network/delays/normal.js';

/** Mean and variance of a quantile function, by the midpoint rule. */
function moments(quantile: (u: number) => number, steps = 200_000): { mean: number; variance: number; least: number } {
  let sum = 0;
  let squares = 0;
  let least = Infinity;
  for (let i = 0; i < steps; i++) {
    const ms = quantile((i + 0.5) / steps);
    sum += ms;
    squares += ms * ms;
    least = Math.min(least, ms);
  }
  return { mean: sum / steps, variance: squares / steps - (sum / steps) ** 2, least };
}

describe('normal delay', () => {
  it('without spread is its mean', () => {
    expect(normal.quantile({ mean_ms: 20, sd_ms: 0 })(0.7)).toBe(20);
  });

  it('far from 0 has the quantiles of the normal distribution', () => {
    const quantile = normal.quantile({ mean_ms: 100, sd_ms: 10 });
    expect(quantile(0.5)).toBeCloseTo(100, 6);
    expect(quantile(0.975)).toBeCloseTo(119.59964, 4);
    expect(quantile(0.025)).toBeCloseTo(80.40036, 4);
  });

  // φ and Φ of mean/sd, from tables of the normal distribution.
  it.each([
    ['MDInference, Artificial', 50, 25, 0.0539909665, 0.9772498681],
    ['MDInference, Home high-sigma', 92.021, 92, 0.2419154952, 0.8414],
    ['its mean as large as its deviation', 10, 10, 0.2419707245, 0.8413447461],
    ['centred on 0', 0, 30, 0.3989422804, 0.5],
  ])('%s has the mean and variance of the part above 0, with the parameters of the parent', (_, mean_ms, sd_ms, density, above) => {
    const alpha = mean_ms / sd_ms;
    const ratio = density / above;
    const { mean, variance, least } = moments(normal.quantile({ mean_ms, sd_ms }));
    expect(least).toBeGreaterThanOrEqual(0);
    expect(mean / (mean_ms + sd_ms * ratio)).toBeCloseTo(1, 3);
    expect(variance / (sd_ms * sd_ms * (1 - alpha * ratio - ratio * ratio))).toBeCloseTo(1, 3);
  });
});
