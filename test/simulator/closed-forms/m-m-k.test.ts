import { describe, it } from 'vitest';
import { alternative, poisson, profileOf } from '../alternative.js';
import { expectTruth, meanLatencyMs, measure } from './replications.js';

/** Probability of waiting with k servers and offered load a = λ/μ; from Erlang B by its recursion. */
function erlangC(k: number, a: number): number {
  let b = 1;
  for (let n = 1; n <= k; n++) b = (a * b) / (n + a * b);
  return b / (1 - (a / k) * (1 - b));
}

// Without contention k workers of one accelerator are k independent servers; so are k accelerators with one worker each.
describe.each([2, 4])('M/M/%i', (k) => {
  const load = 0.7;
  const profile = profileOf({ solo_ms: 1, spread: { distribution: 'exponential' } });
  const truth = 1 + erlangC(k, k * load) / (k * (1 - load));
  const workload = [poisson(1000 * k * load, 150_000)];

  it.each([
    ['k workers of one accelerator', alternative({ workload, sites: profile, dispatch: { policy: 'fcfs', k } })],
    ['k accelerators', alternative({ workload, sites: Array.from({ length: k }, () => profile), dispatch: { policy: 'fcfs', k: 1 } })],
  ])('has the mean sojourn time of Erlang C on %s', async (_, system) => {
    expectTruth((await measure(system, 8, 1_000)).map((run) => meanLatencyMs(run)), truth, 0.025);
  });
});
