import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gsliceBatch, gsliceMaxMin, gsliceShare, gsliceStepOfGpulet, gsliceTune } from '../../../src/policy/planners/gslice.js';

const demand = { sloMs: 100, rateRps: 100 };

describe('the port of iGniter’s authors', () => {
  it('holds with a reserve below a tenth in both, grows where one is missing, shrinks where there is more', () => {
    expect(gsliceShare({ sharePercent: 40, batch: 4 }, { latencyMs: 95, throughputRps: 105 }, demand)).toBe(40);
    // The latency is 25 ms, a fifth of 125, too long.
    expect(gsliceShare({ sharePercent: 40, batch: 4 }, { latencyMs: 125, throughputRps: 105 }, demand)).toBeCloseTo(48, 9);
    // 60 of 160 requests per s are more than asked for: 37.5 % less.
    expect(gsliceShare({ sharePercent: 40, batch: 4 }, { latencyMs: 95, throughputRps: 160 }, demand)).toBeCloseTo(25, 9);
    expect(gsliceShare({ sharePercent: 90, batch: 4 }, { latencyMs: 10, throughputRps: 40 }, demand)).toBe(100);
  });

  it('moves the batch by the relative distance to the SLO, rounded up, within 1 and 32', () => {
    expect(gsliceBatch({ sharePercent: 40, batch: 4 }, { latencyMs: 80, throughputRps: 1 }, demand)).toBe(5);
    expect(gsliceBatch({ sharePercent: 40, batch: 4 }, { latencyMs: 95, throughputRps: 1 }, demand)).toBe(4);
    expect(gsliceBatch({ sharePercent: 40, batch: 4 }, { latencyMs: 200, throughputRps: 1 }, demand)).toBe(2);
    expect(gsliceBatch({ sharePercent: 40, batch: 20 }, { latencyMs: 10, throughputRps: 1 }, demand)).toBe(32);
  });

  it('alone, comes near to the SLO, by which it steps over, and meets the rate with part of the GPU', () => {
    const measure = ({ sharePercent, batch }: { sharePercent: number; batch: number }) => {
      const latencyMs = 2 + (batch * 200) / sharePercent;
      return { latencyMs, throughputRps: (1000 * batch) / latencyMs };
    };
    const setting = gsliceTune(measure, { sloMs: 40, rateRps: 100 });
    const { latencyMs, throughputRps } = measure(setting);
    expect(latencyMs).toBeLessThanOrEqual(40 * 1.25);
    expect(throughputRps).toBeGreaterThanOrEqual(100);
    expect(setting.sharePercent).toBeLessThan(60);
  });

  it('oscillates beside a neighbour that tunes too, since interference is seen only when it is there', () => {
    // Each is slowed down by the other one's share.
    const shares = [30, 30];
    const seen: number[] = [];
    for (let round = 0; round < 12; round++) {
      for (const i of [0, 1]) {
        const latencyMs = (1500 / shares[i]) * (1 + shares[1 - i] / 50);
        shares[i] = gsliceShare({ sharePercent: shares[i], batch: 1 }, { latencyMs, throughputRps: 150 }, demand);
      }
      seen.push(shares[0]);
    }
    const turns = seen.filter((share, i) => i > 1 && (share - seen[i - 1]) * (seen[i - 1] - seen[i - 2]) < 0).length;
    expect(turns).toBeGreaterThan(2);
  });
});

describe('the port of gpulet’s authors', () => {
  it('differs: held below 5 %, whole percents, the batch cut off', () => {
    expect(gsliceStepOfGpulet({ sharePercent: 41, batch: 4 }, { latencyMs: 96, throughputRps: 104 }, demand)).toEqual({ sharePercent: 41, batch: 4 });
    expect(gsliceStepOfGpulet({ sharePercent: 41, batch: 4 }, { latencyMs: 125, throughputRps: 105 }, demand)).toEqual({ sharePercent: 51, batch: 3 });
    expect(gsliceStepOfGpulet({ sharePercent: 41, batch: 4 }, { latencyMs: 300, throughputRps: 105 }, demand).batch).toBe(1);
  });

  it('by hand: small demands are met, large ones share the rest, on legal shares', () => {
    expect(gsliceMaxMin([20, 90, 90], [20, 40, 50, 60, 80, 100])).toEqual([20, 40, 40]);
    expect(gsliceMaxMin([100], [20, 40, 50, 60, 80, 100])).toEqual([100]);
    expect(gsliceMaxMin([90, 90], [20, 40, 50, 60, 80, 100])).toEqual([50, 50]);
  });

  it('never hands out more than the GPU, nor a share that is not legal', () => {
    const legal = [20, 40, 50, 60, 80, 100];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 150 }), { minLength: 1, maxLength: 6 }), (demands) => {
        const given = gsliceMaxMin(demands, legal);
        expect(given.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(100);
        for (const share of given) expect([0, ...legal]).toContain(share);
      }),
    );
  });
});
