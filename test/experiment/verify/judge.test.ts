import { describe, expect, it } from 'vitest';
import { judge, realValues, worst } from '../../../src/experiment/verify/judge.js';

const limits = { tolerance: 10, noiseCap: 10, isShare: false };

describe('real values', () => {
  it('are told by their median and quartiles, in the order in which they were run', () => {
    expect(realValues([12, 10, 11, 14, 13], false)).toEqual({ median: 12, quartiles: [11, 13], spread_percent: (100 * 2) / 12, values: [12, 10, 11, 14, 13] });
  });

  it('of one run have no spread', () => {
    expect(realValues([3], false)).toEqual({ median: 3, quartiles: [3, 3], values: [3] });
  });

  it('of a share have a spread in points', () => {
    expect(realValues([0.5, 0.5, 0.51, 0.52, 0.9], true).spread_percent).toBeCloseTo(2, 9);
  });
});

describe('the verdict', () => {
  const quiet = realValues([99, 100, 100, 100, 101], false);

  it.each([
    [109, 9, 'ok'],
    [91, -9, 'ok'],
    [111, 11, 'off'],
    [89, -11, 'off'],
  ])('on %d against a median of 100 is an error of %d percent: %s', (predicted, error, verdict) => {
    expect(judge(quiet, predicted, limits)).toEqual({ error_percent: error, verdict });
  });

  it('is inconclusive where the runs differ by more than the noise cap', () => {
    const noisy = realValues([80, 90, 100, 115, 130], false);
    expect(noisy.spread_percent).toBe(25);
    expect(judge(noisy, 100, limits).verdict).toBe('inconclusive');
    expect(judge(noisy, 125, limits).verdict).toBe('inconclusive');
    expect(judge(noisy, 100, { ...limits, noiseCap: 30 }).verdict).toBe('ok');
  });

  it('is off however noisy the runs are where each of them is beyond the tolerance on the same side', () => {
    const noisy = realValues([80, 90, 100, 115, 130], false);
    expect(judge(noisy, 200, limits)).toEqual({ error_percent: 100, verdict: 'off' });
    expect(judge(noisy, 40, limits).verdict).toBe('off');
  });

  it('on a share is in points', () => {
    const share = realValues([0.9, 0.9, 0.9], true);
    expect(judge(share, 0.94, { tolerance: 5, noiseCap: 10, isShare: true })).toEqual({ error_percent: expect.closeTo(4, 9), verdict: 'ok' });
    expect(judge(share, 0.97, { tolerance: 5, noiseCap: 10, isShare: true }).verdict).toBe('off');
  });

  it('against nothing at all is off without a percentage, unless nothing was predicted', () => {
    const nothing = realValues([0, 0, 0], false);
    expect(judge(nothing, 3, limits)).toEqual({ verdict: 'off' });
    expect(judge(nothing, 0, limits)).toEqual({ error_percent: 0, verdict: 'ok' });
  });

  it('of several is the worst', () => {
    expect(worst(['ok', 'inconclusive', 'off'])).toBe('off');
    expect(worst(['ok', 'inconclusive'])).toBe('inconclusive');
    expect(worst(['ok', 'ok'])).toBe('ok');
    expect(worst([])).toBe('ok');
  });
});
