import { expect, it } from 'vitest';
import { replicate } from '../../../src/experiment/replication.js';
import { alternative } from '../alternative.js';
import { expectTruth, meanLatencyMs, measure } from './replications.js';

const spread = { distribution: 'exponential' } as const;
const sites = { phone: [{ name: 'phone', models: { head: { solo_ms: 1, spread } } }], edge: [{ name: 'edge', models: { tail: { solo_ms: 0.8, spread } } }] };
const stages = [{ model: 'head' }, { model: 'tail' }];

// Burke: what leaves an M/M/1 queue is a Poisson process again, so the second station is M/M/1 too.
it('two stations in series take as long as two M/M/1 queues', async () => {
  const rate = 0.6;
  const system = alternative({ workload: [{ app: 'a', stages, arrivals: { process: 'poisson', rate_rps: 1000 * rate, requests: 200_000 } }], sites });
  const runs = await measure(system, 10, 1_000);
  expectTruth(runs.map((run) => meanLatencyMs(run)), 1 / (1 / 1 - rate) + 1 / (1 / 0.8 - rate), 0.025);
  expectTruth(runs.map(({ busyShare }) => busyShare[0]), rate, 0.01);
  expectTruth(runs.map(({ busyShare }) => busyShare[1]), rate * 0.8, 0.01);
});

it('stations in series draw their services independently', async () => {
  // Far apart, requests never meet: the latency is the sum of two services, with variance 1 + 0.64 and not (1 + 0.8)².
  const system = alternative({ workload: [{ app: 'a', stages, arrivals: { process: 'even', rate_rps: 10, requests: 40_000 } }], sites });
  const { record } = await replicate({ alternative: system, replication: 0, warmUpMs: 0, record: { rows: 40_000, spans: 0 } });
  const latencies = record!.requests.map((r) => r.latency_ms);
  const mean = latencies.reduce((x, y) => x + y, 0) / latencies.length;
  const variance = latencies.reduce((x, y) => x + (y - mean) * (y - mean), 0) / latencies.length;
  expect(mean).toBeGreaterThan(1.8 * 0.98);
  expect(mean).toBeLessThan(1.8 * 1.02);
  expect(variance).toBeGreaterThan(1.64 * 0.95);
  expect(variance).toBeLessThan(1.64 * 1.05);
});
