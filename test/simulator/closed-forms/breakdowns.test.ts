import { describe, it } from 'vitest';
import type { Fault } from '../../../src/faults/fault.js';
import { alternative, poisson, profileOf } from '../alternative.js';
import { expectTruth, meanInSystem, measure } from './replications.js';

/**
 * Mean number in an M/M/1 queue whose server breaks down after exponential up times (rate α, whether it works or not) and is repaired
 * in exponential times (rate β). What it was doing is done again; by memorylessness that is the same as going on.
 *
 * Source: White and Christie, Operations Research 6(1), 1958; Mitrany and Avi-Itzhak, Operations Research 16(3), 1968, for one server.
 */
function meanInSystemWithBreakdowns(lambda: number, mu: number, alpha: number, beta: number): number {
  const s = alpha + beta;
  return (lambda * (s * s + alpha * mu)) / (s * (mu * beta - lambda * s));
}

/** The same from the balance equations, so that the formula itself is checked: states (n, up or down), n up to `most`. */
function byBalance(lambda: number, mu: number, alpha: number, beta: number, most: number): number {
  let up = new Float64Array(most + 1).fill(1 / (2 * most + 2));
  let down = Float64Array.from(up);
  const rate = lambda + mu + alpha + beta;
  for (let step = 0; step < 60_000; step++) {
    const nextUp = new Float64Array(most + 1);
    const nextDown = new Float64Array(most + 1);
    for (let n = 0; n <= most; n++) {
      const arrive = n < most ? lambda : 0;
      const serve = n > 0 ? mu : 0;
      nextUp[n] += up[n] * (1 - (arrive + serve + alpha) / rate);
      nextDown[n] += down[n] * (1 - (arrive + beta) / rate);
      if (arrive > 0) {
        nextUp[n + 1] += (up[n] * arrive) / rate;
        nextDown[n + 1] += (down[n] * arrive) / rate;
      }
      if (serve > 0) nextUp[n - 1] += (up[n] * serve) / rate;
      nextDown[n] += (up[n] * alpha) / rate;
      nextUp[n] += (down[n] * beta) / rate;
    }
    up = nextUp;
    down = nextDown;
  }
  return up.reduce((sum, p, n) => sum + n * (p + down[n]), 0);
}

describe('M/M/1 with breakdowns', () => {
  // Per ms: 0.4 requests, 1 service; up 20 ms and down 5 ms in the mean, so that the server can do 0.8.
  const [lambda, mu, alpha, beta] = [0.4, 1, 1 / 20, 1 / 5];
  const truth = meanInSystemWithBreakdowns(lambda, mu, alpha, beta);

  it('has the mean number in the system that the closed form says', async ({ expect }) => {
    expect(byBalance(lambda, mu, alpha, beta, 300)).toBeCloseTo(truth, 6);
    const faults: Fault[] = [{ kind: 'lose accelerator', when: { meanEveryMs: 20 }, lasts: { meanForMs: 5 } }];
    const runs = await measure(
      alternative({ workload: [poisson(400, 400_000)], sites: profileOf({ solo_ms: 1, spread: { distribution: 'exponential' } }), faults, supervision: { retries: 1_000_000 } }),
      8,
      1000,
    );
    expectTruth(runs.map((run) => meanInSystem(run)), truth, 0.04);
  });

  it('has the throughput that the closed form says, where it is overloaded', async () => {
    const faults: Fault[] = [{ kind: 'lose accelerator', when: { meanEveryMs: 20 }, lasts: { meanForMs: 5 } }];
    const runs = await measure(
      alternative({ workload: [poisson(2000)], durationS: 60, sites: profileOf({ solo_ms: 1, spread: { distribution: 'exponential' } }), faults, supervision: { retries: 1_000_000 }, measure: { drain_s: 0 } }),
      8,
    );
    expectTruth(runs.map(({ apps, windowMs }) => apps[0].answersInWindow / windowMs), 0.8, 0.02);
  });
});
