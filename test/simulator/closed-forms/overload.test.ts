import { describe, expect, it } from 'vitest';
import { verdictOf } from '../../../src/experiment/verdict.js';
import type { Workload } from '../../../src/scenario/scenario.js';
import { alternative, profileOf } from '../alternative.js';
import { measure } from './replications.js';

// D/D/1 at twice its capacity, for 100 ms: request i is born at i and takes 2, so it is answered at 1 + 2i, after 1 + i.
describe('an overloaded queue', () => {
  const workload: Workload[] = [{ app: 'a', stages: [{ model: 'm' }], arrivals: { process: 'even', rate_rps: 1000 } }];
  const system = (drainS: number) => alternative({ workload, durationS: 0.1, sites: profileOf({ solo_ms: 2 }), measure: { drain_s: drainS } });

  it('that is cut off leaves as many unfinished as do not fit', async () => {
    const [run] = await measure(system(0), 1);
    // Up to 100 those with 1 + 2i ≤ 100 are answered: 49 of 100, after 2 + … + 50 = 1274 in all.
    expect(run.apps[0]).toMatchObject({ born: 100, answered: 49, unfinished: 51, latencySumMs: 1274 });
    expect(run.backlogAtEnd).toBe(51);
    expect(run.busyShare[0]).toBeCloseTo(0.99, 12);
  });

  it('that is waited for answers all, the last one 101 ms after the window', async () => {
    const [run] = await measure(system(1), 1);
    // 2 + … + 101 = 5150; within the window still 49.
    expect(run.apps[0]).toMatchObject({ born: 100, answered: 100, unfinished: 0, latencySumMs: 5150, answersInWindow: 49 });
    expect(run.clearedAfterMs).toBeCloseTo(101, 9);
  });

  it('has a backlog that grows by 500 a second, and is called overloaded', async () => {
    const runs = await measure(system(1), 2);
    expect(runs[0].backlogSlopeRps / 500).toBeCloseTo(1, 1);
    expect(verdictOf(runs, system(1)).verdict).toBe('overloaded');
  });
});
