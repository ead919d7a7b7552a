import { describe, it } from 'vitest';
import type { Spread } from '../../../src/random/service.js';
import { alternative, poisson, profileOf } from '../alternative.js';
import { expectTruth, meanInSystem, meanLatencyMs, measure, rejectedShare } from './replications.js';
import { contention, meanOf, slowdownAt, stationaryShares } from './state-dependent-processor-sharing.js';

const services: [string, Spread][] = [
  ['deterministic', { distribution: 'deterministic' }],
  ['exponential', { distribution: 'exponential' }],
  ['two-point', { distribution: 'two-point', low: 0.25, p_low: 0.75 }],
];

// The core mechanism: measured closed-loop slowdowns s(n) as a server of rate 1/s(n) for each of n requests.
describe('state-dependent processor sharing', () => {
  it.each(services)('has the number in system and sojourn time of its closed form, with %s service', async (_, spread) => {
    const a = 1;
    const system = alternative({
      workload: [poisson(1000 * a, 120_000)],
      sites: profileOf({ solo_ms: 1, spread }, { contention }),
      dispatch: 'unlimited',
      extrapolation: 'label',
    });
    const shares = stationaryShares(a, slowdownAt, 400);
    const runs = await measure(system, 10, 1_000);
    expectTruth(runs.map((run) => meanInSystem(run)), meanOf(shares), 0.03);
    expectTruth(runs.map((run) => meanLatencyMs(run)), meanOf(shares) / a, 0.03);
    expectTruth(runs.map(({ busyShare }) => busyShare[0]), 1 - shares[0], 0.01);
    // The share of time outside the table is the chance of more than 4.
    expectTruth(runs.map(({ outsideShare }) => outsideShare[0]), shares.slice(5).reduce((x, y) => x + y, 0), 0.06);
  });

  it.each(services)('that turns requests away when 4 run has the blocking of its closed form, with %s service', async (_, spread) => {
    const a = 1.6;
    const system = alternative({
      workload: [poisson(1000 * a, 100_000)],
      sites: profileOf({ solo_ms: 1, spread }, { contention }),
      dispatch: { policy: 'fcfs', k: 4, queue_limit: 0 },
    });
    const shares = stationaryShares(a, slowdownAt, 4);
    const runs = await measure(system, 8, 100);
    expectTruth(runs.map((run) => rejectedShare(run)), shares[4], 0.02);
    expectTruth(runs.map((run) => meanInSystem(run)), meanOf(shares), 0.01);
    expectTruth(runs.map((run) => meanLatencyMs(run)), meanOf(shares) / (a * (1 - shares[4])), 0.01);
  });
});
