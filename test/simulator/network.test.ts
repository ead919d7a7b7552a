import { describe, expect, it } from 'vitest';
import { replicate } from '../../src/experiment/replication.js';
import { delayQuantile } from '../../src/simulator/network.js';
import { alternative, profileOf } from './alternative.js';

describe('delay', () => {
  it('fixed is the same for every draw', () => {
    const quantile = delayQuantile({ fixed_ms: 12 });
    expect([0, 0.3, 0.999].map(quantile)).toEqual([12, 12, 12]);
  });

  it('normal without spread is its mean', () => {
    expect(delayQuantile({ normal: { mean_ms: 20, sd_ms: 0 } })(0.7)).toBe(20);
  });

  it('normal far from 0 has the quantiles of the normal distribution', () => {
    const quantile = delayQuantile({ normal: { mean_ms: 100, sd_ms: 10 } });
    expect(quantile(0.5)).toBeCloseTo(100, 6);
    expect(quantile(0.975)).toBeCloseTo(119.59964, 4);
    expect(quantile(0.025)).toBeCloseTo(80.40036, 4);
  });

  it('normal near 0 is the part above 0: its mean is that of the truncated distribution', () => {
    // μ + σ φ(α)/(1 − Φ(α)), α = −μ/σ = −1: 10 + 10 × 0.24197072 / 0.84134475.
    const quantile = delayQuantile({ normal: { mean_ms: 10, sd_ms: 10 } });
    const steps = 200_000;
    let sum = 0;
    let least = Infinity;
    for (let i = 0; i < steps; i++) {
      const ms = quantile((i + 0.5) / steps);
      sum += ms;
      least = Math.min(least, ms);
    }
    expect(least).toBeGreaterThanOrEqual(0);
    expect(sum / steps).toBeCloseTo(10 + (10 * 0.2419707245) / 0.8413447461, 3);
    expect(quantile(0)).toBeGreaterThanOrEqual(0);
  });
});

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
