import { describe, expect, it } from 'vitest';
import { alternative, poisson, profileOf } from '../alternative.js';
import { answerOf, at, record } from './by-hand.js';
import { expectTruth, meanLatencyMs, measure } from './replications.js';

const idle = (cost: { cools_ms: number; warms_ms?: number; added_ms: number[]; processes?: number[] }) => ({ alone: { processes: [1], ...cost } });

describe('a process that was idle takes longer', () => {
  // Welch (1964), M/G/1 whose first customer of a busy period has the service S': with p the share of those,
  // p = (1 − ρ) / (1 − ρ + ρ'), E W = λ E S² / (2 (1 − ρ)) + λ (E S'² − E S²) / (2 (1 − ρ + ρ')), E T = E W + (1 − p) E S + p E S'.
  // The idleness before it is exponential, so that E e^(−n g / τ) = λ / (λ + n / τ), and S' = S + w (1 − e^(−g / τ)).
  it.each([0, 1, 8])('M/D/1 with an exceptional first service, which gets longer with a time constant of %d ms of idleness', async (coolsMs) => {
    const [rate, work, added] = [0.1, 5, 3];
    const kept = (n: number): number => (coolsMs === 0 ? 0 : rate / (rate + n / coolsMs));
    const [cold, coldSquared] = [1 - kept(1), 1 - 2 * kept(1) + kept(2)];
    const first = work + cold * added;
    const firstSquared = work * work + 2 * work * cold * added + coldSquared * added * added;
    const [load, firstLoad] = [rate * work, rate * first];
    const share = (1 - load) / (1 - load + firstLoad);
    const waitMs = (rate * work * work) / (2 * (1 - load)) + (rate * (firstSquared - work * work)) / (2 * (1 - load + firstLoad));
    const truth = waitMs + (1 - share) * work + share * first;
    const runs = await measure(alternative({ workload: [poisson(1000 * rate, 200_000)], sites: profileOf({ solo_ms: work, after_idle: idle({ cools_ms: coolsMs, added_ms: [added] }) }) }), 10, 10_000);
    expectTruth(runs.map((run) => meanLatencyMs(run)), truth, 0.02);
  });

  it('by the number of processes, and not once more for neighbours', async () => {
    // Two processes at once slow each other by 2, so 10 take 20; the cost at two processes is 4, whatever the slowdown.
    const sites = profileOf({ solo_ms: 10, after_idle: idle({ cools_ms: 0, processes: [1, 2], added_ms: [1, 4] }) }, { contention: { model: 'table', inference: { jobs: [1, 2], slowdown: [1, 2] } } });
    const run = await record(alternative({ workload: [at([5, 5])], sites, dispatch: { policy: 'fcfs', k: 2 }, place: { policy: 'all-on-one', copies: 2 } }));
    // The first begins alone: 10 + 4; the second beside it: 10 + 4 / 2. Both at half the rate: the second ends at 5 + 24, the first, with 2 left, at 5 + 26.
    expect(run.requests.map(({ answered_ms: ms }) => ms).sort((a, b) => a - b)).toEqual([29, 31]);
  });

  it('not those that follow each other', async () => {
    const sites = profileOf({ solo_ms: 10, after_idle: idle({ cools_ms: 0, added_ms: [4] }) });
    const run = await record(alternative({ workload: [at([5, 6, 100])], sites }));
    expect([5, 6, 100].map((ms) => answerOf(run, ms))).toEqual([19, 29, 114]);
  });

  it('for as long as work takes to warm it', async () => {
    const sites = profileOf({ solo_ms: 10, after_idle: idle({ cools_ms: 0, warms_ms: 20, added_ms: [4] }) });
    const run = await record(alternative({ workload: [at([5, 6, 7])], sites }));
    const [first, second] = [14, 10 + 4 * Math.exp(-14 / 20)];
    const third = 10 + 4 * Math.exp(-(first + second) / 20);
    [first, first + second, first + second + third].forEach((ms, i) => expect(answerOf(run, 5 + i)).toBeCloseTo(5 + ms, 9));
  });
});
