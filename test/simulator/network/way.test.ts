import { describe, expect, it } from 'vitest';
import { replicate } from '../../../src/experiment/replication.js';
import type { Workload } from '../../../src/scenario/scenario.js';
import { fileOf } from '../../trace/network/files.js';
import { alternative, clients, profileOf } from '../alternative.js';

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

  const even = (app: string, more: Partial<Workload> = {}): Workload => ({ app, stages: [{ model: 'm' }], arrivals: { process: 'even', rate_rps: 100, requests: 10 }, upload_bytes: 15_000, ...more });
  const run = (setup: Parameters<typeof alternative>[0]) => replicate({ alternative: alternative(setup), replication: 0, warmUpMs: 0, record: { rows: 1000, spans: 0 } });
  const quick = profileOf({ solo_ms: 0 });

  it('phones of a cell wait for each other, phones without one do not', async () => {
    // Two requests of 15,000 bytes every 10 ms at 12 Mbit/s: 10 ms each. Alone 10 ms; in a cell the queue grows by one request per 10 ms.
    const alone = await run({ workload: [even('a'), even('b')], sites: quick, network: { up: { rate_mbps: 12 } } });
    expect(alone.record!.requests.map((r) => r.latency_ms)).toEqual(Array.from({ length: 20 }, () => expect.closeTo(10, 9)));
    const cell = await run({ workload: [even('a', { cell: 'x' }), even('b', { cell: 'x' })], sites: quick, network: { up: { rate_mbps: 12 } } });
    expect(cell.record!.requests.map((r) => r.latency_ms)).toEqual(Array.from({ length: 20 }, (_, i) => expect.closeTo(10 + 10 * Math.ceil(i / 2), 9)));
  });

  it('a cell’s own links stand in for the general ones, each direction by itself', async () => {
    const { record } = await run({
      workload: [even('a', { cell: 'x' }), even('b')],
      sites: quick,
      network: { up: { fixed_ms: 1 }, down: { fixed_ms: 2 }, cells: { x: { up: { fixed_ms: 30 } } } },
    });
    const latencies = (app: string) => [...new Set(record!.requests.filter((r) => r.app === app).map((r) => Math.round(r.latency_ms)))];
    expect([latencies('a'), latencies('b')]).toEqual([[32], [3]]);
  });

  it('charges the way between stages at different sites, with the bytes that a stage hands on', async () => {
    const stages = [{ model: 'm', site: 'edge', output_bytes: 3000 }, { model: 'm', site: 'cloud', output_bytes: 9e9 }, { model: 'm', site: 'cloud' }];
    const sites = { edge: [quick], cloud: [quick] };
    const { record } = await run({
      workload: [even('a', { stages })],
      sites,
      network: { up: { fixed_ms: 1 }, between_sites: { rate_mbps: 12, fixed_ms: 4 } },
      siteNetworks: [{ up: { fixed_ms: 3 } }, { down: { fixed_ms: 20 } }],
    });
    expect(record!.requests.map((r) => r.latency_ms)).toEqual(Array.from({ length: 10 }, () => expect.closeTo(1 + 3 + 2 + 4 + 20, 9)));
  });

  it('a request that finds a full queue fails, is counted, and its client goes on', async () => {
    const { measured } = await run({
      workload: [{ ...clients(4, 0, 'fixed', 5), cell: 'x', upload_bytes: 1500 }],
      sites: quick,
      network: { up: { rate_mbps: 12, queue_packets: 2 } },
    });
    const [{ born, answered, failed }] = measured!.apps;
    expect([born, answered + failed]).toEqual([20, 20]);
    expect(failed).toBeGreaterThanOrEqual(2);
    expect(answered).toBeGreaterThanOrEqual(10);
  });

  it('a broken recording ends the run with its file, line and column', async () => {
    const trace = fileOf('broken.up', '1\n2\nx\n');
    await expect(run({ workload: [even('a')], sites: quick, network: { up: { trace } } })).rejects.toThrow(/broken\.up:3:1: found "x", a whole number/);
  });

  it('phones begin anywhere in a recording: an open stream per request, a client once and for all', async () => {
    // One opportunity in 1,000 ms: a request that begins anywhere waits uniformly long, and a client with a rhythm of 1,000 ms always as long.
    const trace = fileOf('slow.up', '1000\n');
    const network = { up: { trace, start: 'random' as const } };
    const open = await run({ workload: [even('a', { upload_bytes: 1, arrivals: { process: 'even', rate_rps: 1, requests: 400 } })], sites: quick, network });
    const waits = open.record!.requests.map((r) => r.latency_ms);
    const mean = waits.reduce((sum, ms) => sum + ms, 0) / waits.length;
    expect(Math.abs(mean - 500)).toBeLessThan((4 * 1000) / Math.sqrt(12 * 400));
    const closed = await run({ workload: [{ ...clients(3, 0, 'fixed', 5), upload_bytes: 1 }], sites: quick, network });
    const first = closed.record!.requests.slice(0, 3).map((r) => r.latency_ms);
    expect(new Set(first).size).toBe(3);
    expect(closed.record!.requests.slice(3).every((r) => Math.abs(r.latency_ms - 1000) < 1e-9)).toBe(true);
  });
});
