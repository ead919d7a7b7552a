import { describe, it } from 'vitest';
import type { Spread } from '../../../src/random/service.js';
import { alternative, poisson, profileOf } from '../alternative.js';
import { expectTruth, meanInSystem, meanLatencyMs, measure } from './replications.js';

// With slowdown(n) = n, n requests that run at once share the accelerator equally: M/G/1 processor sharing. Its mean
// sojourn time E[S]/(1 − ρ) and mean number ρ/(1 − ρ) do not depend on the service distribution.
describe('M/G/1 processor sharing', () => {
  const load = 0.6;

  it.each<[string, Spread]>([
    ['deterministic', { distribution: 'deterministic' }],
    ['exponential', { distribution: 'exponential' }],
    ['two-point', { distribution: 'two-point', low: 0.25, p_low: 0.75 }],
  ])('is insensitive to the service distribution: %s', async (_, spread) => {
    const system = alternative({
      workload: [poisson(1000 * load, 120_000)],
      sites: profileOf({ solo_ms: 1, spread }, { contention: { model: 'table', inference: { jobs: [1, 2], slowdown: [1, 2] } } }),
      dispatch: 'unlimited',
      extrapolation: 'label',
    });
    const runs = await measure(system, 10, 1_000);
    expectTruth(runs.map((run) => meanLatencyMs(run)), 1 / (1 - load), 0.03);
    expectTruth(runs.map((run) => meanInSystem(run)), load / (1 - load), 0.03);
    expectTruth(runs.map(({ busyShare }) => busyShare[0]), load, 0.015);
  });
});
