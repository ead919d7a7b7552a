import { describe, it } from 'vitest';
import type { Spread } from '../../../src/random/service.js';
import { alternative, poisson, profileOf } from '../alternative.js';
import { expectTruth, meanLatencyMs, measure, rejectedShare } from './replications.js';

/** M/M/k with room for `room` requests in all: the chance that it is full, and the mean number in the system. */
function birthDeath(a: number, k: number, room: number): { full: number; inSystem: number } {
  const weight = [1];
  for (let n = 1; n <= room; n++) weight.push((weight[n - 1] * a) / Math.min(n, k));
  const total = weight.reduce((x, y) => x + y, 0);
  return { full: weight[room] / total, inSystem: weight.reduce((sum, w, n) => sum + n * w, 0) / total };
}

describe('loss', () => {
  const k = 3;
  const a = 2.4;
  const system = (spread: Spread, limit: number) =>
    alternative({ workload: [poisson(1000 * a, 150_000)], sites: profileOf({ solo_ms: 1, spread }), dispatch: { policy: 'fcfs', k, queue_limit: limit } });

  it('without waiting room is Erlang B, whatever the service distribution', async () => {
    for (const spread of [{ distribution: 'exponential' }, { distribution: 'deterministic' }, { distribution: 'two-point', low: 0.25, p_low: 0.75 }] satisfies Spread[]) {
      const runs = await measure(system(spread, 0), 8, 100);
      expectTruth(runs.map((run) => rejectedShare(run)), birthDeath(a, k, k).full, 0.015);
      expectTruth(runs.map((run) => meanLatencyMs(run)), 1, 0.01);
    }
  });

  it('with a limited queue is M/M/k/K', async () => {
    const { full, inSystem } = birthDeath(a, k, k + 4);
    const runs = await measure(system({ distribution: 'exponential' }, 4), 8, 100);
    expectTruth(runs.map((run) => rejectedShare(run)), full, 0.04);
    // Little's law for those that get in.
    expectTruth(runs.map((run) => meanLatencyMs(run)), inSystem / (a * (1 - full)), 0.01);
  });
});
