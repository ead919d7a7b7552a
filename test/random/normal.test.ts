import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../src/random/normal.js';

describe('normalQuantile', () => {
  it.each([
    [0.5, 0],
    [0.25, -0.6744897501960817],
    [0.75, 0.6744897501960817],
    [0.8413447460685429, 1],
    [0.975, 1.959963984540054],
    [0.001, -3.090232306167813],
    [1e-10, -6.361340902404056],
    [1e-20, -9.262340089798408],
  ])('of %d is the tabulated %d', (p, expected) => {
    expect(Math.abs(normalQuantile(p) - expected)).toBeLessThanOrEqual(4e-15 * Math.max(1, Math.abs(expected)));
  });

  it('is symmetric about 0.5', () => {
    // Multiples of 2^-32, so that 1 − p is exact.
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 32 - 1 }), (k) => {
        const p = k / 2 ** 32;
        expect(normalQuantile(1 - p)).toBe(-normalQuantile(p) + 0);
      }),
    );
  });

  it('ascends, also across the borders of its three pieces', () => {
    const p = [1e-300, 1e-12, 1.3e-11, 1.4e-11, 1e-3, 0.0749, 0.075, 0.0751, 0.4, 0.5, 0.9249, 0.925, 0.9251, 1 - 1e-12];
    const z = p.map(normalQuantile);
    for (let i = 1; i < z.length; i++) expect(z[i]).toBeGreaterThan(z[i - 1]);
  });

  it('is infinite at 0 and 1', () => {
    expect(normalQuantile(0)).toBe(-Infinity);
    expect(normalQuantile(1)).toBe(Infinity);
  });
});
