import { describe, expect, it } from 'vitest';
import type { Spread } from '../../../src/random/service.js';
import { alternative, poisson, profileOf } from '../alternative.js';
import { expectTruth, meanLatencyMs, measure } from './replications.js';

// Pollaczek and Khinchine, first come first served: E[T] = E[S] + λ E[S²] / (2 (1 − ρ)). Services have mean 1 ms.
describe('M/G/1', () => {
  const load = 0.7;
  const sojournMs = (secondMoment: number) => 1 + (load * secondMoment) / (2 * (1 - load));

  it.each<[string, Spread, number, number]>([
    ['M/D/1', { distribution: 'deterministic' }, 1, 0.012],
    // 0.5 with probability 0.8, else (1 − 0.4)/0.2 = 3.
    ['two-point service', { distribution: 'two-point', low: 0.5, p_low: 0.8 }, 0.8 * 0.25 + 0.2 * 9, 0.03],
    // CV 0.5: E[S²] = 1.25.
    ['lognormal service', { distribution: 'lognormal', cv: 0.5 }, 1.25, 0.02],
  ])('%s has the mean sojourn time of Pollaczek and Khinchine', async (_, spread, secondMoment, tolerance) => {
    const runs = await measure(alternative({ workload: [poisson(1000 * load, 150_000)], sites: profileOf({ solo_ms: 1, spread }) }), 10, 1_000);
    expectTruth(runs.map((run) => meanLatencyMs(run)), sojournMs(secondMoment), tolerance);
  });

  it('has no deterministic service that is shorter or longer than asked', async () => {
    const [run] = await measure(alternative({ workload: [poisson(1, 2_000)], sites: profileOf({ solo_ms: 0.01 }) }), 1);
    expect(meanLatencyMs(run)).toBeCloseTo(0.01, 5);
  });
});
