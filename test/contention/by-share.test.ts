import fc from 'fast-check';
import { expect, it } from 'vitest';
import { byShare } from '../../src/contention/by-share.js';
import type { ActivityClass, Contention } from '../../src/contention/contract.js';
import type { Profile } from '../../src/profile/schema.js';
import { aloneMs, togetherMs } from '../../src/profile/shares.js';
import { consistencyIssues } from '../../src/profile/consistency.js';

/** Everybody is slowed down by the number of those that are active. */
const bind = (): Contention => ({
  slowdowns(counts, slowdown) {
    slowdown.fill(counts.reduce((sum, n) => sum + n, 0));
    return undefined;
  },
});
const classes: ActivityClass[] = [
  { kind: 'inference', model: 'm' },
  { kind: 'training', model: 't' },
  { kind: 'inference', model: 'm', sharePercent: 50 },
  { kind: 'inference', model: 'm', sharePercent: 100 },
];
const stretch = (percent: number): number => (percent === 50 ? 1.5 : 1);
const slowdowns = (counts: number[]): number[] => {
  const found = new Float64Array(classes.length).fill(NaN);
  byShare(bind, classes, stretch).slowdowns(Int32Array.from(counts), found);
  return [...found];
};

it('with everybody at the whole accelerator it is the model itself', () => {
  fc.assert(
    fc.property(fc.nat(3), fc.nat(1), fc.nat(3), (unshared, training, whole) => {
      const total = unshared + training + whole;
      const found = slowdowns([unshared, training, 0, whole]);
      for (const [i, n] of [unshared, training, 0, whole].entries()) if (n > 0) expect(found[i]).toBeCloseTo(total, 12);
    }),
  );
});

it('alone, a share costs nothing beyond its stretch', () => {
  expect(slowdowns([0, 0, 1, 0])[2]).toBe(1);
});

it('a neighbour with half the accelerator disturbs half as much, and the tighter of both limits holds', () => {
  // Two halves: neighbours take 1 + (2 − 1) / 2 = 1.5, the share 1.5 as well, so nothing is added to it.
  expect(slowdowns([0, 0, 2, 0])[2]).toBe(1);
  // Training beside a half: 1.5 instead of 2. The half beside training: 2 over its own 1.5.
  expect(slowdowns([0, 1, 1, 0])[1]).toBe(1.5);
  expect(slowdowns([0, 1, 1, 0])[2]).toBeCloseTo(2 / 1.5, 12);
});

it('a profile with shares says what batches take alone and together', () => {
  const profile: Profile = {
    models: { m: { solo_ms: 10 } },
    contention: { model: 'table', inference: { jobs: [1, 2], slowdown: [1, 2] } },
    shares: { percent: [50, 100], stretch: [1.5, 1] },
  };
  const half = { model: 'm', batch: 2, sharePercent: 50 };
  expect(aloneMs(profile, half)).toBe(30);
  expect(togetherMs(profile, [half, half])).toEqual([30, 30]);
  expect(togetherMs(profile, [half, { ...half, sharePercent: 100 }])).toEqual([40, 30]);
});

it('tells shares that cannot be', () => {
  const issues = (shares: Profile['shares'], contention?: Profile['contention']): string[] => consistencyIssues({ models: {}, ...(contention === undefined ? {} : { contention }), shares }, []).map(({ sentence }) => sentence);
  expect(issues({ percent: [50, 100], stretch: [1.5, 1] })).toEqual([]);
  expect(issues({ percent: [50], stretch: [1.5] })).toEqual(['ends at 50; the last share must be 100, the whole accelerator', 'ends at 1.5; with the whole accelerator it is 1']);
  expect(issues({ percent: [50, 100] })[0]).toContain('has no stretch');
  expect(issues({ percent: [100, 50], stretch: [1.5, 1] }).join()).toContain('found 50 after 100');
});
