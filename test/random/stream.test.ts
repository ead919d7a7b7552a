import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream, type Stream } from '../../src/random/stream.js';

const take = (draw: Stream, n: number) => Array.from({ length: n }, () => draw());

const CELLS = 100;
/** Limits of a chi-square variable with 99 degrees of freedom: 0.1 % lie below, 0.1 % above. */
const CHI_SQUARE_99 = [60.0, 148.3];
function chiSquare(draws: readonly number[]): number {
  const counts = new Array<number>(CELLS).fill(0);
  for (const u of draws) counts[Math.floor(u * CELLS)]++;
  const expected = draws.length / CELLS;
  return counts.reduce((sum, count) => sum + ((count - expected) * (count - expected)) / expected, 0);
}
function expectUniform(draws: readonly number[]): void {
  expect(chiSquare(draws)).toBeGreaterThan(CHI_SQUARE_99[0]);
  expect(chiSquare(draws)).toBeLessThan(CHI_SQUARE_99[1]);
}

describe('stream', () => {
  it('gives the same draws for the same key, whatever else was drawn in between', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.string()), fc.string(), fc.nat(), (seed, what, which) => {
        const first = take(stream(seed, what, which), 5);
        take(stream(seed, 'something else'), 3);
        expect(take(stream(seed, what, which), 5)).toEqual(first);
      }),
    );
  });

  it('gives other draws for another seed, another key, or the same letters divided differently', () => {
    const first = take(stream(1, 'service', 0), 3);
    for (const other of [stream(2, 'service', 0), stream(1, 'service', 1), stream(1, 'network', 0), stream(1, 'service')]) {
      expect(take(other, 3)).not.toEqual(first);
    }
    expect(take(stream(1, 'ab', 'c'), 3)).not.toEqual(take(stream(1, 'a', 'bc'), 3));
    expect(take(stream(1, 12, 3), 3)).not.toEqual(take(stream(1, 1, 23), 3));
  });

  it('stays in [0, 1) on a grid of 2^-32', () => {
    for (const u of take(stream(7, 'range'), 10_000)) {
      expect(u >= 0 && u < 1 && Number.isInteger(u * 2 ** 32)).toBe(true);
    }
  });

  it('is uniform along one stream', () => {
    for (const seed of [1, 2, 'three']) expectUniform(take(stream(seed, 'uniform'), 100_000));
  });

  it('is uniform across the first draws of neighbouring keys', () => {
    expectUniform(Array.from({ length: 50_000 }, (_, i) => stream(1, 'replication', i)()));
  });

  it('does not correlate between neighbouring keys', () => {
    const n = 100_000;
    const a = stream(1, 'service', 0);
    const b = stream(1, 'service', 1);
    let products = 0;
    for (let i = 0; i < n; i++) products += (a() - 0.5) * (b() - 0.5);
    // The variance of a product is 1/144; four standard errors.
    expect(Math.abs(products / n)).toBeLessThan(4 / 12 / Math.sqrt(n));
  });

  it('keeps its draws from version to version', () => {
    expect(take(stream(1, 'service', 'plants'), 3)).toMatchInlineSnapshot(`
      [
        0.18310008570551872,
        0.23767077806405723,
        0.773359876126051,
      ]
    `);
  });
});
