import { describe, expect, it } from 'vitest';
import { stream } from '../../src/random/stream.js';
import { probabilityBest } from '../../src/statistics/best.js';
import { pairedDifference } from '../../src/statistics/paired.js';
import { normalMeans } from './replications.js';

const draw = () => stream(1, 'best');

describe('probabilityBest', () => {
  it('is certain when one alternative is better in every replication, in either direction', () => {
    const columns = [[3, 9, 4], [1, 8, 2], [2, 8.5, 3]];
    expect(probabilityBest(columns, 'lower', draw())).toEqual([0, 1, 0]);
    expect(probabilityBest(columns, 'higher', draw())).toEqual([1, 0, 0]);
  });

  it('splits ties evenly', () => {
    const p = probabilityBest([[1, 2, 3], [9, 9, 9], [1, 2, 3]], 'lower', draw());
    expect(p[0]).toBeCloseTo(0.5, 12);
    expect(p[1]).toBe(0);
    expect(p[2]).toBeCloseTo(0.5, 12);
  });

  it('keeps pairs together: a small steady advantage beats a large common noise', () => {
    const random = stream(1, 'noise');
    const base = Array.from({ length: 30 }, () => 1000 * random());
    expect(probabilityBest([base, base.map((x) => x - 0.001)], 'lower', draw())).toEqual([0, 1]);
  });

  it('agrees with the paired t distribution for two alternatives', () => {
    const random = stream(2, 'pairs');
    for (const shift of [0, 0.1, 0.3]) {
      const a = Array.from({ length: 60 }, () => normalMeans.draw(random));
      const b = Array.from({ length: 60 }, () => normalMeans.draw(random) + shift);
      const [p] = probabilityBest([a, b], 'lower', draw(), 10_000);
      expect(Math.abs(p - pairedDifference(a, b).pABetter('lower'))).toBeLessThan(0.02);
    }
  });

  it('adds up to 1 and repeats with the same draws', () => {
    const random = stream(3, 'columns');
    const columns = Array.from({ length: 5 }, () => Array.from({ length: 20 }, () => random()));
    const p = probabilityBest(columns, 'lower', draw());
    expect(p.reduce((sum, x) => sum + x)).toBeCloseTo(1, 12);
    expect(p.every((x) => x > 0 && x < 1)).toBe(true);
    expect(probabilityBest(columns, 'lower', draw())).toEqual(p);
  });

  it('knows nothing after one replication', () => {
    expect(probabilityBest([[1], [2]], 'lower', draw())).toEqual([0.5, 0.5]);
    expect(probabilityBest([[1]], 'lower', draw())).toEqual([1]);
    expect(probabilityBest([], 'lower', draw())).toEqual([]);
  });

  it('refuses what is not paired', () => {
    expect(() => probabilityBest([[1, 2], [1]], 'lower', draw())).toThrow(/2 and 1/);
    expect(() => probabilityBest([[], []], 'lower', draw())).toThrow(RangeError);
    expect(() => probabilityBest([[1, NaN]], 'lower', draw())).toThrow(RangeError);
  });
});
