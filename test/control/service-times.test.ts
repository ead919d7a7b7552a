import { expect, it } from 'vitest';
import { ServiceTimes } from '../../src/control/service-times.js';
import { lanesOf, type System } from '../../src/control/system.js';

const profile = { name: 'p', models: { a: { solo_ms: 10, spread: { distribution: 'lognormal' as const, cv: 0.2 } }, b: { solo_ms: 4, accuracy: 0.3 } } };
const system: System = {
  apps: [{ name: 'app', sloMs: Infinity, stages: [{ model: 'a', sites: [0, 1], variants: [{ model: 'a', sites: [0, 1], accuracy: 0.9 }, { model: 'b', sites: [1] }] }] }],
  sites: [{ name: 'x' }, { name: 'y' }],
  accelerators: [{ name: 'x/gpu0', site: 0, profile }, { name: 'y/gpu0', site: 1, profile }],
  jobs: [],
  supervision: { retries: 1, restartAfterMs: 0, longestRestartMs: 0, hangAfterMs: Infinity },
};

it('the lanes of one stage’s variants at one site are neighbours, and take their accuracy from the scenario or the profile', () => {
  expect(lanesOf(system).map(({ site, variant, model, accuracy }) => [site, variant, model, accuracy])).toEqual([[0, 0, 'a', 0.9], [1, 0, 'a', 0.9], [1, 1, 'b', 0.3]]);
});

it('times begin with the profile’s, discard the first observation, then weigh each by one half', () => {
  const times = new ServiceTimes(lanesOf(system), system);
  const now = (lane: number): number[] => [times.meanMs[lane], times.sdMs(lane)];
  expect(now(0)).toEqual([10, 2]);
  expect(now(2)).toEqual([4, 0]);
  times.observe(0, 1000);
  expect(now(0)).toEqual([10, 2]);
  // μ' = 0.5 × 14 + 0.5 × 10, σ'² = 0.5 × (4 + 0.5 × 16)
  times.observe(0, 14);
  expect(now(0)).toEqual([12, Math.sqrt(6)]);
  times.observe(0, 12);
  expect(now(0)).toEqual([12, Math.sqrt(3)]);
  expect([times.profiledMs[0], times.profiledSdMs[0]]).toEqual([10, 2]);
  expect(now(1), 'another site has its own').toEqual([10, 2]);
});
