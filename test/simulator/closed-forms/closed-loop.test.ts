import { describe, expect, it } from 'vitest';
import { replicate } from '../../../src/experiment/replication.js';
import { alternative, clients, profileOf } from '../alternative.js';
import { expectTruth, meanLatencyMs, measure } from './replications.js';

/** Machine repairman, M/M/1//N: N clients think for Z on average, one server with mean service S. */
function repairman(clients: number, thinkMs: number, serviceMs: number): { throughput: number; responseMs: number; busy: number } {
  const weight = [1];
  for (let n = 1; n <= clients; n++) weight.push((weight[n - 1] * (clients - n + 1) * serviceMs) / thinkMs);
  const total = weight.reduce((x, y) => x + y, 0);
  const busy = 1 - 1 / total;
  const throughput = busy / serviceMs;
  return { throughput, responseMs: clients / throughput - thinkMs, busy };
}

describe('closed loop', () => {
  it.each([
    [1, 5],
    [4, 3],
    [12, 8],
  ])('of %i clients with exponential think time %f is the machine repairman', async (count, thinkMs) => {
    const system = alternative({
      workload: [clients(count, thinkMs, 'exponential')],
      durationS: 100,
      sites: profileOf({ solo_ms: 1, spread: { distribution: 'exponential' } }),
    });
    const truth = repairman(count, thinkMs, 1);
    const runs = await measure(system, 8, 500);
    expectTruth(runs.map(({ apps, windowMs }) => apps[0].answersInWindow / windowMs), truth.throughput, 0.015);
    expectTruth(runs.map((run) => meanLatencyMs(run)), truth.responseMs, 0.03);
    expectTruth(runs.map(({ busyShare }) => busyShare[0]), truth.busy, 0.015);
  });

  it('with fixed think time and service goes round like clockwork', async () => {
    // One client: think 3, served 2, so request n is born at 3 + 5n; of 1 s, those up to 998 are 200.
    const system = alternative({
      workload: [clients(1, 3, 'fixed')],
      durationS: 1,
      sites: profileOf({ solo_ms: 2 }),
    });
    const [run] = await measure(system, 1);
    expect(run.apps[0].born).toBe(200);
    expect(run.apps[0].answersInWindow).toBe(200);
    expect(meanLatencyMs(run)).toBe(2);
    expect(run.busyShare[0]).toBeCloseTo(0.4, 12);
  });

  it('of several clients has services of their own', async () => {
    const system = alternative({
      workload: [clients(5, 1000, 'fixed', 1)],
      sites: profileOf({ solo_ms: 1, spread: { distribution: 'exponential' } }),
      dispatch: { policy: 'fcfs', k: 5 },
    });
    const { record } = await replicate({ alternative: system, replication: 0, warmUpMs: 0, record: { rows: 10, spans: 0 } });
    expect(new Set(record!.requests.map((r) => r.latency_ms)).size).toBe(5);
  });

  it('of clients that send a fixed number of requests ends when all have their answers', async () => {
    // Two clients without think time share one server: requests at 0, 0, 1, 2, 3, 4; the first takes 1, the others 2 each.
    const system = alternative({
      workload: [clients(2, 0, 'fixed', 3)],
      sites: profileOf({ solo_ms: 1 }),
    });
    const [run] = await measure(system, 1);
    expect(run.apps[0].answered).toBe(6);
    expect(run.apps[0].latencySumMs).toBe(1 + 5 * 2);
    expect(run.windowMs).toBe(6);
    expect(run.apps[0].answersInWindow).toBe(6);
  });
});
