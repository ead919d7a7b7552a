import { describe, expect, it } from 'vitest';
import { alternative, poisson, profileOf } from '../alternative.js';
import { answerOf, at, record } from './by-hand.js';
import { expectTruth, meanLatencyMs, measure } from './replications.js';

const idle = (cost: { idle_ms: number; added_ms: number[]; processes?: number[] }) => ({ alone: { processes: [1], ...cost } });

describe('a process that was idle takes longer', () => {
  // Welch (1964), M/G/1 whose first customer of a busy period has the service S': with p the share of those,
  // p = (1 − ρ) / (1 − ρ + ρ'), E W = λ E S² / (2 (1 − ρ)) + λ (E S'² − E S²) / (2 (1 − ρ + ρ')), E T = E W + (1 − p) E S + p E S'.
  it.each([1, 8])('M/D/1 with an exceptional first service, which an idleness of %d ms makes', async (idleMs) => {
    const [rate, work, added] = [0.1, 5, 3];
    const q = Math.exp(-rate * idleMs);
    const first = work + q * added;
    const firstSquared = (1 - q) * work * work + q * (work + added) * (work + added);
    const [load, firstLoad] = [rate * work, rate * first];
    const share = (1 - load) / (1 - load + firstLoad);
    const waitMs = (rate * work * work) / (2 * (1 - load)) + (rate * (firstSquared - work * work)) / (2 * (1 - load + firstLoad));
    const truth = waitMs + (1 - share) * work + share * first;
    const runs = await measure(alternative({ workload: [poisson(1000 * rate, 200_000)], sites: profileOf({ solo_ms: work, after_idle: idle({ idle_ms: idleMs, added_ms: [added] }) }) }), 10, 10_000);
    expectTruth(runs.map((run) => meanLatencyMs(run)), truth, 0.02);
  });

  it('by the number of processes, and not once more for neighbours', async () => {
    // Two processes at once slow each other by 2, so 10 take 20; the cost at two processes is 4, whatever the slowdown.
    const sites = profileOf({ solo_ms: 10, after_idle: idle({ idle_ms: 0, processes: [1, 2], added_ms: [1, 4] }) }, { contention: { model: 'table', inference: { jobs: [1, 2], slowdown: [1, 2] } } });
    const run = await record(alternative({ workload: [at([5, 5])], sites, dispatch: { policy: 'fcfs', k: 2 }, place: { policy: 'all-on-one', copies: 2 } }));
    // The first begins alone: 10 + 4; the second beside it: 10 + 4 / 2. Both at half the rate: the second ends at 5 + 24, the first, with 2 left, at 5 + 26.
    expect(run.requests.map(({ answered_ms: ms }) => ms).sort((a, b) => a - b)).toEqual([29, 31]);
  });

  it('not those that follow each other', async () => {
    const sites = profileOf({ solo_ms: 10, after_idle: idle({ idle_ms: 0, added_ms: [4] }) });
    const run = await record(alternative({ workload: [at([5, 6, 100])], sites }));
    expect([5, 6, 100].map((ms) => answerOf(run, ms))).toEqual([19, 29, 114]);
  });
});
