import { describe, it } from 'vitest';
import { LatencyHistogram } from '../../../src/statistics/histogram.js';
import { alternative, poisson, profileOf } from '../alternative.js';
import { expectTruth, meanLatencyMs, measure } from './replications.js';

// Service rate μ = 1 per ms. The sojourn time is exponential with rate μ − λ.
describe.each([0.5, 0.8])('M/M/1 at load %f', (load) => {
  const runs = measure(
    alternative({ workload: [poisson(1000 * load, 300_000)], sites: profileOf({ solo_ms: 1, spread: { distribution: 'exponential' } }) }),
    12,
    2_000,
  );
  const tolerance = load === 0.5 ? 0.012 : 0.04;

  it('has a mean sojourn time of 1/(μ − λ)', async () => {
    expectTruth((await runs).map((run) => meanLatencyMs(run)), 1 / (1 - load), tolerance);
  });

  it('has an exponential sojourn time: P50 and P95 are −ln(1 − p)/(μ − λ)', async () => {
    for (const p of [0.5, 0.95])
      expectTruth((await runs).map(({ apps }) => new LatencyHistogram(apps[0].latencies).quantile(p)), -Math.log(1 - p) / (1 - load), tolerance);
  });

  it('is busy for the share λ/μ of the time', async () => {
    expectTruth((await runs).map(({ busyShare }) => busyShare[0]), load, 0.005);
  });
});
