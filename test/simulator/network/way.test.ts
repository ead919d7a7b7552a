import { describe, expect, it } from 'vitest';
import { replicate } from '../../../src/experiment/replication.js';
import { alternative, profileOf } from '../alternative.js';

describe('network', () => {
  it('adds the way there and back to the latency, and queues where the request arrives', async () => {
    // Every 10 ms a request of 6 ms, 5 ms up and 7 ms down: 18 ms, although two are under way at once.
    const system = alternative({
      workload: [{ app: 'a', stages: [{ model: 'm' }], arrivals: { process: 'even', rate_rps: 100, requests: 50 } }],
      sites: profileOf({ solo_ms: 6 }),
      network: { up: { fixed_ms: 5 }, down: { fixed_ms: 7 } },
    });
    const { measured, record } = await replicate({ alternative: system, replication: 0, warmUpMs: 0, record: { rows: 100, spans: 100 } });
    expect(measured!.apps[0].latencySumMs).toBeCloseTo(50 * 18, 9);
    for (const row of record!.requests) {
      expect(row.arrived_ms).toBeCloseTo(row.born_ms + 5, 9);
      expect(row.answered_ms).toBeCloseTo(row.born_ms + 18, 9);
    }
  });

  it('lets a later request overtake an earlier one on the way, and serves in the order of arrival at the site', async () => {
    const system = alternative({
      workload: [{ app: 'a', stages: [{ model: 'm' }], arrivals: { process: 'even', rate_rps: 1000, requests: 500 } }],
      sites: profileOf({ solo_ms: 0.5 }),
      network: { up: { normal: { mean_ms: 20, sd_ms: 8 } } },
    });
    const { record } = await replicate({ alternative: system, replication: 0, warmUpMs: 0, record: { rows: 500, spans: 0 } });
    const arrived = record!.requests.map((r) => r.arrived_ms);
    expect(arrived).toEqual([...arrived].sort((x, y) => x - y));
    const born = record!.requests.map((r) => r.born_ms);
    expect(born).not.toEqual([...born].sort((x, y) => x - y));
  });
});
