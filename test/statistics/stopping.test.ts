import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '../../src/random/stream.js';
import { isPrecise, levelWithLooks, nextLook } from '../../src/statistics/stopping.js';
import { meanInterval } from '../../src/statistics/summary.js';
import { erlangMeans, lognormalMeans, normalMeans, type Source } from './replications.js';

function looks(max: number): number[] {
  const counts = [];
  for (let done = 0; done < max; ) counts.push((done = nextLook(done, max)));
  return counts;
}

describe('nextLook', () => {
  it('starts at 20, doubles, and ends at the maximum', () => {
    expect(looks(200)).toEqual([20, 40, 80, 160, 200]);
    expect(looks(160)).toEqual([20, 40, 80, 160]);
    expect(looks(20)).toEqual([20]);
    expect(looks(7)).toEqual([7]);
    expect(nextLook(33, 200)).toBe(40);
    expect(nextLook(200, 200)).toBe(200);
  });

  it('always goes ahead until the maximum', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.integer({ min: 1, max: 10_000 }), (done, max) => {
        const look = nextLook(done, max);
        expect(look).toBeLessThanOrEqual(max);
        if (done < max) expect(look).toBeGreaterThan(done);
      }),
    );
  });
});

describe('isPrecise', () => {
  it('compares the half-width with the mean\'s size', () => {
    expect(isPrecise({ mean: 100, halfWidth: 2 }, 0.02)).toBe(true);
    expect(isPrecise({ mean: 100, halfWidth: 2.01 }, 0.02)).toBe(false);
    expect(isPrecise({ mean: -100, halfWidth: 2 }, 0.02)).toBe(true);
    expect(isPrecise({ mean: 0, halfWidth: 0 }, 0.02)).toBe(true);
    expect(isPrecise({ mean: 0, halfWidth: 0.1 }, 0.02)).toBe(false);
    expect(isPrecise(meanInterval([5]), 0.5)).toBe(false);
  });
});

describe('levelWithLooks', () => {
  it('compensates only where the run can stop early', () => {
    expect(levelWithLooks(20)).toBe(0.95);
    expect(levelWithLooks(21)).toBeGreaterThan(0.95);
  });

  /** Coverage of the interval at which the run stopped, and the mean number of replications that it took. */
  function afterStopping(source: Source, relativeHalfWidth: number, trials: number): { coverage: number; replications: number } {
    const random = stream(1, 'stopping');
    const max = 160;
    const level = levelWithLooks(max);
    const values = new Float64Array(max);
    let hits = 0;
    let replications = 0;
    for (let trial = 0; trial < trials; trial++) {
      let done = 0;
      let interval;
      do {
        const look = nextLook(done, max);
        while (done < look) values[done++] = source.draw(random);
        interval = meanInterval(values.subarray(0, done), level);
      } while (done < max && !isPrecise(interval, relativeHalfWidth));
      if (interval.ci95[0] <= source.truth && source.truth <= interval.ci95[1]) hits++;
      replications += done;
    }
    return { coverage: hits / trials, replications: replications / trials };
  }

  const sources: [string, Source][] = [
    ['normal', normalMeans],
    ['lognormal, skewness 0.7', lognormalMeans(0.7)],
    ['lognormal, skewness 1.5', lognormalMeans(1.5)],
    ['gamma, skewness 1', erlangMeans(4)],
  ];
  // Required widths relative to what 20 replications give on average: about there, and at what 40 give, stopping hurts most.
  it.each(sources.flatMap(([name, source]) => [1.6, 1, 0.8, 0.6].map((share) => [name, share, source] as const)))(
    '%s, width × %d: keeps the coverage after stopping between 93.5 and 96.5 percent',
    (_, share, source) => {
      const width = (share * 2.09 * source.cv) / Math.sqrt(20);
      const { coverage, replications } = afterStopping(source, width, 4000);
      expect(coverage).toBeGreaterThan(0.935);
      expect(coverage).toBeLessThan(0.965);
      expect(replications).toBeLessThan(160);
    },
  );
});
