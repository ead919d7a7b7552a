import { describe, expect, it } from 'vitest';
import { epochGrowth } from '../../../src/contention/epoch-growth.js';
import { metricsOf } from '../../../src/experiment/metrics.js';
import type { Spread } from '../../../src/random/service.js';
import { alternative, poisson, profileOf } from '../alternative.js';
import { expectTruth, meanInSystem, measure } from './replications.js';
import { contention, meanOf, slowdownAt, stationaryShares } from './state-dependent-processor-sharing.js';

// A retraining job beside an open stream: inference at the rate 1/(1.1 s(n)), an epoch at 1/s_T(n). The number of active
// inferences has its closed form, so the growth of the epoch is 1 / Σₙ P(n)/s_T(n).
describe('training beside an open stream', () => {
  const trainingSlowdown = [1, 1.08, 1.17, 1.45, 1.82];
  const profile = (spread: Spread) =>
    profileOf(
      { solo_ms: 2, spread },
      {
        training: { net: { batch: 16, epoch_s: 5 } },
        contention: { ...contention, inference_beside_training: { net: 1.1 }, training: { net: { jobs: [0, 1, 2, 3, 4], slowdown: trainingSlowdown } } } as typeof contention,
      },
    );

  it.each<[string, Spread]>([
    ['deterministic', { distribution: 'deterministic' }],
    ['exponential', { distribution: 'exponential' }],
  ])('grows the epoch by 1 / Σ P(n)/s_T(n), with %s service', async (_, spread) => {
    const rateRps = 650;
    const system = alternative({
      workload: [poisson(rateRps)],
      durationS: 150,
      sites: profile(spread),
      retraining: 'net',
      dispatch: { policy: 'fcfs', k: 4, queue_limit: 0 },
    });
    const shares = stationaryShares((rateRps * 2) / 1000, (n) => 1.1 * slowdownAt(n), 4);
    const runs = await measure(system, 8, 100);
    expectTruth(runs.map((run) => meanInSystem(run)), meanOf(shares), 0.01);
    const growth = epochGrowth(shares, (n) => trainingSlowdown[n]);
    expectTruth(runs.map((run) => metricsOf(run, system).epoch_s! / 5), growth, 0.005);
    for (const { busyShare } of runs) expect(busyShare[0]).toBeCloseTo(1, 9);
  });
});
