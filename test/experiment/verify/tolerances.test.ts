import { describe, expect, it } from 'vitest';
import { DEFAULT_TOLERANCES, tolerancesOf } from '../../../src/experiment/verify/tolerances.js';

describe('tolerances', () => {
  it('are added to the default ones, changed, and taken away', () => {
    expect(tolerancesOf([])).toEqual(DEFAULT_TOLERANCES);
    expect(tolerancesOf(['latency_p95_ms=15', 'goodput_rps=2', 'epoch_s=none'])).toEqual({ throughput_rps: 3, latency_p50_ms: 5, latency_p95_ms: 15, goodput_rps: 2 });
  });

  it.each([
    ['latency_p95=15', 'no metric is called "latency_p95"; did you mean latency_p95_ms?'],
    ['p95=3', 'no metric is called "p95"; did you mean latency_p95_ms?'],
    ['latency_p95_ms', 'write METRIC=PERCENT'],
    ['latency_p95_ms=', 'write METRIC=PERCENT'],
    ['latency_p95_ms=wide', 'a number of percent above 0 is needed, or none'],
    ['latency_p95_ms=-3', 'a number of percent above 0 is needed, or none'],
    ['latency_p95_ms=0', 'a number of percent above 0 is needed, or none'],
  ])('%s is refused', (text, words) => {
    expect(() => tolerancesOf([text])).toThrow(words);
  });
});
