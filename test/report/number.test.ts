import { describe, expect, it } from 'vitest';
import { metricStyle } from '../../src/report/metric.js';
import { formatEstimate, formatNumber, formatP, formatShare } from '../../src/report/number.js';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');
const ms = (mean: number, half: number): string => plain(formatEstimate({ mean, ci95: [mean - half, mean + half] }, metricStyle('latency_p95_ms')));

describe('numbers', () => {
  it.each([
    [181.23456, 2.0789, '181.2 ± 2.1'],
    [24800, 1310.4, '24800 ± 1310'],
    [0.01234, 0.00056, '0.01234 ± 0.00056'],
    [-3.21, 0.4, '−3.21 ± 0.40'],
    [100, 1e-9, '100.00 ± <0.01'],
    [42, 0, '42'],
    [42.5, Infinity, '42.5 ± ∞'],
    [0, 0.02, '0.000 ± 0.020'],
    [NaN, NaN, '–'],
  ])('%d ± %d', (mean, half, text) => expect(ms(mean, half)).toBe(text));

  it('shows shares as percentages that do not round to certainty', () => {
    expect([0, 0.0004, 0.5, 0.1234, 0.9996, 1].map((v) => plain(formatShare(v)))).toEqual(['0 %', '<0.1 %', '50 %', '12.3 %', '>99.9 %', '100 %']);
  });

  it('shortens p-values and huge numbers', () => {
    expect(plain(formatP(1e-9))).toBe('p < 0.001');
    expect(plain(formatP(0.0234))).toBe('p = 0.023');
    expect(formatNumber(1.5e12)).toBe('1.50e+12');
    expect(formatNumber(-0.000001)).toBe('−1.00e-6');
  });
});
