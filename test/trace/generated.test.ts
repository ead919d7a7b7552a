import { describe, expect, it } from 'vitest';
import { stream } from '../../src/random/stream.js';
import { arrivalsOf } from '../../src/trace/arrivals.js';
import { describe as describeStream } from '../../src/trace/describe.js';
import { fitGamma, fitMmpp } from '../../src/trace/fit.js';
import { generators } from '../../src/trace/generators.js';
import { stationaryShares } from '../../src/trace/generators/mmpp.js';
import { RateCurve } from '../../src/trace/rate-curve.js';
import { replay } from '../../src/trace/replay.js';
import { describeWithSharedData, sharedData } from '../shared-data.js';
import { readAll } from './read-all.js';

const times = async (process: keyof typeof generators, options: object, untilS: number, seed: number | string = 1) =>
  (await readAll(generators[process].create(options as never, stream(seed, 'test'), untilS * 1000))).timeMs;

/** Counts in windows of so many s. */
function counts(timeMs: readonly number[], windowS: number, untilS: number): number[] {
  const found = new Array<number>(Math.floor(untilS / windowS)).fill(0);
  for (const t of timeMs) if (Math.floor(t / 1000 / windowS) < found.length) found[Math.floor(t / 1000 / windowS)]++;
  return found;
}

function moments(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return { mean, variance: values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1) };
}

describe('mmpp', () => {
  const states = [
    { rate_rps: 2, mean_s: 4 },
    { rate_rps: 20, mean_s: 1 },
  ];
  // Fischer and Meier-Hellstern: leaving rates s₁ = 1/4, s₂ = 1; s = s₁ + s₂.
  const [s1, s2] = [1 / 4, 1];
  const s = s1 + s2;
  const meanRate = (2 * s2 + 20 * s1) / s;
  const excess = (2 * s1 * s2 * (20 - 2) ** 2) / (s * s * (2 * s2 + 20 * s1));
  const dispersion = (t: number) => 1 + excess * (1 - (1 - Math.exp(-s * t)) / (s * t));

  it('has the mean rate and the index of dispersion of its closed form', async () => {
    const untilS = 40_000;
    const found = await times('mmpp', { states }, untilS);
    // The counts of long windows are nearly independent: the standard error of the mean is √(IDC(∞) × rate / time).
    expect(Math.abs(found.length / untilS - meanRate)).toBeLessThan(4 * Math.sqrt(((1 + excess) * meanRate) / untilS));
    for (const windowS of [0.25, 1, 4, 16]) {
      const { mean, variance } = moments(counts(found, windowS, untilS));
      expect(variance / mean / dispersion(windowS), `in ${windowS} s`).toBeCloseTo(1, 1);
    }
  });

  it('has counts whose covariance falls with the rates of leaving', async () => {
    const untilS = 40_000;
    const n = counts(await times('mmpp', { states }, untilS), 1, untilS);
    const { mean } = moments(n);
    const covariance = (lag: number) => {
      let sum = 0;
      for (let i = 0; i + lag < n.length; i++) sum += (n[i] - mean) * (n[i + lag] - mean);
      return sum / (n.length - lag);
    };
    // Cov(N₀, N_k) = (λ₁−λ₂)² π₁π₂ ((1−e^−s)/s)² e^−s(k−1) for windows of 1 s.
    const closed = (lag: number) => 18 * 18 * (s1 / s) * (s2 / s) * ((1 - Math.exp(-s)) / s) ** 2 * Math.exp(-s * (lag - 1));
    for (const lag of [1, 2]) expect(covariance(lag) / closed(lag), `lag ${lag}`).toBeCloseTo(1, 1);
  });

  it('spends its time in three states as their chain says', () => {
    const three = [1, 2, 3].map((mean_s) => ({ rate_rps: 1, mean_s }));
    stationaryShares(three).forEach((share, i) => expect(share).toBeCloseTo((i + 1) / 6, 12));
    // From 0 always to 1, from 1 always to 2, from 2 always to 0: the same visits, so again by mean sojourn.
    const ring = [[0, 1, 0], [0, 0, 1], [1, 0, 0]];
    stationaryShares(three, ring).forEach((share, i) => expect(share).toBeCloseTo((i + 1) / 6, 9));
  });

  it('knows the shares of a chain that hardly mixes, and of one that solves the balance equations', () => {
    const each = (n: number) => Array.from({ length: n }, () => ({ rate_rps: 1, mean_s: 1 }));
    // Two pairs that are left once in 10⁹ and once in 2 × 10⁹ jumps: one and two thirds of the time.
    const [a, b] = [1e-9, 0.5e-9];
    const slow = [[0, 1 - a, a, 0], [1 - a, 0, 0, a], [b, 0, 0, 1 - b], [0, b, 1 - b, 0]];
    stationaryShares(each(4), slow).forEach((share, i) => expect(share).toBeCloseTo(i < 2 ? 1 / 6 : 1 / 3, 6));
    const any = [[0, 0.2, 0.5, 0.3], [0.7, 0, 0.1, 0.2], [0, 0, 0, 1], [0.1, 0.9, 0, 0]];
    const shares = stationaryShares(each(4), any);
    shares.forEach((share, j) => expect(shares.reduce((sum, v, i) => sum + v * any[i][j], 0)).toBeCloseTo(share, 14));
  });

  it('refuses a chain that never comes back, in which no request might ever come again', () => {
    const silent = [10, 0, 0].map((rate_rps) => ({ rate_rps, mean_s: 1 }));
    const next = [[0, 1, 0], [0, 0, 1], [0, 1, 0]];
    expect(() => generators.mmpp.create({ states: silent, next, requests: 100 }, stream(1), Infinity)).toThrow('state 0 (from 0) is never reached from state 1');
  });

  it('refuses states without requests, and rows that are no probabilities', () => {
    expect(() => generators.mmpp.create({ states: [{ rate_rps: 0, mean_s: 1 }, { rate_rps: 0, mean_s: 1 }] }, stream(1), 1)).toThrow('no request would ever come');
    expect(() => generators.mmpp.create({ states, next: [[0, 0.5], [1, 0]] }, stream(1), 1)).toThrow('2 rows of 2 probabilities');
  });
});

describe('day-shape', () => {
  it.each([1, 0.5, 2])('has the expected number in each part of the day, with CV %d', async (cv) => {
    const shape = [1, 0, 4, 2];
    const days = 50;
    const found = await times('day-shape', { rate_rps: 5, shape, period_s: 400, cv }, days * 400);
    const perPart = shape.map((_, part) => found.filter((t) => Math.floor((t / 100_000) % 4) === part).length / days);
    shape.forEach((weight, part) => {
      const expected = (5 * 400 * weight) / 7;
      // Counts of a renewal process have about CV² times the variance of Poisson ones.
      expect(Math.abs(perPart[part] - expected)).toBeLessThanOrEqual(4 * cv * Math.sqrt(expected / days) + 2);
    });
    expect(perPart[1]).toBe(0);
  });

  it('refuses a day without requests', () => {
    expect(() => generators['day-shape'].create({ rate_rps: 5, shape: [0, 0] }, stream(1), 1)).toThrow('no request would ever come');
  });
});

describe('spike', () => {
  it('has the expected number before, during and after its burst', async () => {
    const runs = 40;
    const sums = [0, 0, 0, 0];
    for (let seed = 0; seed < runs; seed++)
      for (const t of await times('spike', { rate_rps: 10, peak_rps: 100, at_s: 20, for_s: 10, ramp_s: 5 }, 60, seed)) sums[t < 20_000 ? 0 : t < 25_000 ? 1 : t < 35_000 ? 2 : 3]++;
    // 20 s at 10; a ramp of 5 s from 10 to 100; 10 s at 100; the ramp down and 20 s at 10.
    [200, 275, 1000, 475].forEach((expected, i) => expect(Math.abs(sums[i] / runs - expected)).toBeLessThan(4 * Math.sqrt(expected / runs)));
  });
});

describe('drain', () => {
  it('has its backlog at one moment, and a stream from the beginning', async () => {
    const found = await times('drain', { backlog: 50, at_s: 3, rate_rps: 10 }, 10);
    expect(found.filter((t) => t === 3000)).toHaveLength(50);
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(found.length).toBeGreaterThan(100);
    expect(await times('drain', { backlog: 3 }, Infinity)).toEqual([0, 0, 0]);
  });
});

describe('a rate curve', () => {
  it('is inverted exactly, over jumps, ramps and pauses', () => {
    const curve = () => new RateCurve([[0, 10], [1000, 10], [1000, 20], [2000, 0], [3000, 0], [4000, 10]]);
    expect(curve().total).toBe(10 + 10 + 0 + 5);
    for (const [count, timeMs] of [[5, 500], [10, 1000], [17.5, 1500], [21.25, 3500], [25, 4000], [35, 5000]]) expect(curve().timeOf(count)).toBeCloseTo(timeMs, 6);
  });
});

describe('fitting', () => {
  it('finds rate and burstiness of each window again', async () => {
    const windows = [
      { for_s: 200, rate_rps: 20, cv: 0.5 },
      { for_s: 200, rate_rps: 5, cv: 1 },
      { for_s: 200, rate_rps: 40, cv: 2 },
    ];
    const made = generators.fitted.create({ windows }, stream(3, 'fit'), Infinity);
    const fitted = (await fitGamma(made, 200)).windows;
    expect(fitted).toHaveLength(3);
    fitted.forEach(({ rate_rps, cv }, i) => {
      const { rate_rps: rate, cv: truth } = windows[i];
      expect(Math.abs(rate_rps - rate)).toBeLessThan((4 * truth * Math.sqrt(rate * 200)) / 200 + 1);
      expect(Math.abs(cv / truth - 1)).toBeLessThan(0.15);
    });
  });

  it('finds the states of an MMPP again', async () => {
    const states = [
      { rate_rps: 5, mean_s: 20 },
      { rate_rps: 50, mean_s: 5 },
    ];
    const { states: found } = await fitMmpp(generators.mmpp.create({ states, requests: 100_000 }, stream(4, 'fit'), Infinity), 0.5);
    found.forEach(({ rate_rps, mean_s }, i) => {
      expect(rate_rps / states[i].rate_rps).toBeCloseTo(1, 0.8);
      expect(Math.abs(mean_s / states[i].mean_s - 1)).toBeLessThan(0.2);
    });
  });
});

describe('fitting refuses', () => {
  const at = (...timeMs: number[]) => arrivalsOf({ timeMs: Float64Array.from(timeMs), sloMs: undefined });

  it('a time so far away that its windows would fill the memory', async () => {
    await expect(fitGamma(at(0, 1_700_000_000_000), 10)).rejects.toThrow('a request comes at 1700000000 s, in window 170000001 of 10 s');
    expect((await fitGamma(at(0, 9_999_999_000), 10)).windows).toHaveLength(1_000_000);
  });

  it('bins that are too many, with the width that is possible', async () => {
    await expect(fitMmpp(at(0, 65_536_000), 1)).rejects.toThrow('take bins of 2 s or more');
    expect((await fitMmpp(at(0, 65_535_000), 1)).states).toHaveLength(2);
  });

  it('a stream without requests', async () => {
    await expect(fitGamma(at(), 10)).rejects.toThrow('there are no requests');
    await expect(fitMmpp(at(), 10)).rejects.toThrow('there are no requests');
  });
});

// Over 40 seeds and windows of 10 s (scripts/fitted-traces.mjs) at most 7.5 and 11.5 %; of the one seed here 6 and 15 % are asked for.
describeWithSharedData('a production trace, fitted and generated again, has its rate, its CV and its shape', () => {
  it.each(['code', 'conv'])('%s', async (name) => {
    const open = () => replay({ format: 'azure-llm', file: sharedData(`traces/azure-llm-2023-${name}.csv`) }, {});
    const real = (await readAll(await open())).timeMs;
    const { windows } = await fitGamma(await open(), 10);
    const untilS = real[real.length - 1] / 1000;
    const made = await times('fitted', { windows }, Infinity, name);
    expect(Math.abs(made.length / real.length - 1)).toBeLessThan(0.06);
    const cvOf = (t: readonly number[]) => {
      const { mean, variance } = moments(t.slice(1).map((at, i) => at - t[i]));
      return Math.sqrt(variance) / mean;
    };
    expect(Math.abs(cvOf(made) / cvOf(real) - 1)).toBeLessThan(0.15);
    const [a, b] = [counts(real, 60, untilS), counts(made, 60, untilS)];
    const [ma, mb] = [moments(a), moments(b)];
    const r = a.reduce((sum, x, i) => sum + (x - ma.mean) * ((b[i] ?? 0) - mb.mean), 0) / (a.length - 1) / Math.sqrt(ma.variance * mb.variance);
    expect(r).toBeGreaterThan(0.9);
  });
});

describe('a description', () => {
  it('of an even stream', async () => {
    const d = await describeStream(generators.even.create({ rate_rps: 10, requests: 1000 }, stream(1), Infinity));
    expect(d).toMatchObject({ requests: 1000, duration_s: 100, mean_rate_rps: 10, simultaneous: 0, with_slo: 0 });
    expect(d.gaps!.mean_ms).toBeCloseTo(100, 6);
    expect(d.gaps!.cv).toBeLessThan(1e-9);
    for (const { index } of d.dispersion) expect(index).toBeLessThan(0.01);
  });

  it('of a Poisson stream: dispersion 1, no correlation', async () => {
    const d = await describeStream(generators.poisson.create({ rate_rps: 20, requests: 200_000 }, stream(2), Infinity));
    expect(d.gaps!.cv).toBeCloseTo(1, 1);
    expect(Math.abs(d.gaps!.autocorrelation_lag1!)).toBeLessThan(4 / Math.sqrt(200_000));
    expect(d.dispersion[0].index).toBeCloseTo(1, 1);
    for (const { r } of d.autocorrelation) expect(Math.abs(r)).toBeLessThan(5 / Math.sqrt(10_000));
  });

  it('of an MMPP has the correlation of its gaps above 0, and of its counts falling with the lag', async () => {
    const d = await describeStream(generators.mmpp.create({ states: [{ rate_rps: 2, mean_s: 20 }, { rate_rps: 40, mean_s: 5 }], requests: 100_000 }, stream(2), Infinity));
    expect(d.gaps!.autocorrelation_lag1!).toBeGreaterThan(0.1);
    expect(d.autocorrelation[0].r).toBeGreaterThan(0.6);
    expect(d.autocorrelation[0].r).toBeGreaterThan(d.autocorrelation[4].r);
  });

  it('of two days has the shape of one', async () => {
    const shape = Array.from({ length: 24 }, (_, hour) => (hour < 8 ? 1 : hour < 20 ? 5 : 2));
    const d = await describeStream(generators['day-shape'].create({ rate_rps: 1, shape }, stream(5), 2 * 86_400_000));
    const sum = shape.reduce((a, b) => a + b, 0);
    d.day_rps!.forEach((rate, hour) => expect(Math.abs(rate / ((24 * shape[hour]) / sum) - 1)).toBeLessThan(0.15));
  });
});
