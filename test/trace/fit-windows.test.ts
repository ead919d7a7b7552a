import { describe, expect, it } from 'vitest';
import { stream } from '../../src/random/stream.js';
import { arrivalsOf } from '../../src/trace/arrivals.js';
import { describe as describeStream } from '../../src/trace/describe.js';
import { fitMmppWindows } from '../../src/trace/fit-windows.js';
import generator from '../../src/trace/generators/fitted-mmpp.js';
import poisson from '../../src/trace/generators/poisson.js';
import { replay } from '../../src/trace/replay.js';
import { describeWithSharedData, sharedData } from '../shared-data.js';
import { readAll } from './read-all.js';

const calmAndBursts = [
  { rate_rps: 5, mean_s: 8 },
  { rate_rps: 60, mean_s: 2 },
];
const windows = [
  { for_s: 2000, states: calmAndBursts },
  { for_s: 2000, states: [{ rate_rps: 20, mean_s: 2000 }] },
  { for_s: 100, states: [{ rate_rps: 0, mean_s: 100 }] },
  { for_s: 2000, states: [{ rate_rps: 2, mean_s: 20 }, { rate_rps: 100, mean_s: 4 }] },
];
const made = (given: typeof windows, seed: number | string) => generator.create({ windows: given }, stream(seed, 'fit'), Infinity);
const at = (...timeMs: number[]) => arrivalsOf({ timeMs: Float64Array.from(timeMs), sloMs: undefined });

describe('fitted-mmpp', () => {
  it('has the mean and the variance of its closed form in each window', async () => {
    const runs = 400;
    const short = windows.map(({ for_s, states }) => ({ for_s: for_s / 50, states }));
    const counts = short.map(() => [] as number[]);
    const ends = short.reduce<number[]>((all, { for_s }) => [...all, (all[all.length - 1] ?? 0) + for_s * 1000], []);
    for (let seed = 0; seed < runs; seed++) {
      const found = short.map(() => 0);
      for (const t of (await readAll(made(short, seed))).timeMs) found[ends.findIndex((end) => t < end)]++;
      found.forEach((n, i) => counts[i].push(n));
    }
    short.forEach(({ for_s, states }, i) => {
      const mean = counts[i].reduce((a, b) => a + b, 0) / runs;
      const variance = counts[i].reduce((a, b) => a + (b - mean) ** 2, 0) / (runs - 1);
      const [a, b] = states;
      const s = b === undefined ? 1 : 1 / a.mean_s + 1 / b.mean_s;
      const share = b === undefined ? 1 : a.mean_s / (a.mean_s + b.mean_s);
      const expected = for_s * (share * a.rate_rps + (1 - share) * (b?.rate_rps ?? 0));
      // Fischer and Meier-Hellstern: Var N(t) = λ t + 2 π₁ π₂ (λ₁ − λ₂)² (t / s − (1 − e^−st) / s²).
      const modulated = b === undefined ? 0 : 2 * share * (1 - share) * (a.rate_rps - b.rate_rps) ** 2 * (for_s / s - (1 - Math.exp(-s * for_s)) / (s * s));
      expect(Math.abs(mean - expected), `window ${i}`).toBeLessThanOrEqual(4 * Math.sqrt((expected + modulated) / runs));
      if (expected > 0) expect(Math.abs(variance / (expected + modulated) - 1), `window ${i}`).toBeLessThan(0.4);
    });
  });

  it('without windows is refused', () => {
    expect(() => generator.create({}, stream(1), 1)).toThrow('exactly one of file and windows');
  });
});

describe('fitting an MMPP to each window', () => {
  it('finds the states again, a Poisson window as one state, and a silent one', async () => {
    const whole = windows.map((window) => ({ ...window, for_s: 2000 }));
    const fitted = (await fitMmppWindows(made(whole, 5), 2000, 0.5)).windows;
    expect(fitted.map(({ states }) => states.length)).toEqual([2, 1, 1, 2]);
    expect(fitted[2].states[0].rate_rps).toBe(0);
    for (const i of [0, 3])
      fitted[i].states.forEach(({ rate_rps, mean_s }, k) => {
        expect(Math.abs(rate_rps / whole[i].states[k].rate_rps - 1), `window ${i}`).toBeLessThan(0.2);
        expect(Math.abs(mean_s / whole[i].states[k].mean_s - 1), `window ${i}`).toBeLessThan(0.35);
      });
  });

  it('gives each window its number of requests in the mean', async () => {
    const timeMs = (await readAll(made(windows, 6))).timeMs;
    const fitted = (await fitMmppWindows(at(...timeMs.slice(0, 20_000)), 100, 1)).windows;
    let expected = 0;
    for (const { for_s, states } of fitted) {
      const total = states.reduce((sum, { mean_s }) => sum + mean_s, 0);
      expected += (for_s * states.reduce((sum, { rate_rps, mean_s }) => sum + rate_rps * mean_s, 0)) / total;
    }
    expect(expected).toBeCloseTo(20_000, 4);
  });

  it('takes a Poisson stream for one in nearly all windows', async () => {
    const { windows: found } = await fitMmppWindows(poisson.create({ rate_rps: 20, requests: 200_000 }, stream(9), Infinity), 100, 1);
    expect(found.filter(({ states }) => states.length === 2).length / found.length).toBeLessThan(0.05);
  });

  it('refuses windows that are no whole bins, a time far away, and an empty stream', async () => {
    await expect(fitMmppWindows(at(1), 10, 3)).rejects.toThrow('a window must be 1 to 65536 whole bins');
    await expect(fitMmppWindows(at(1), 1, 2)).rejects.toThrow('a window must be');
    await expect(fitMmppWindows(at(1, 1.7e12), 10, 1)).rejects.toThrow('at most 1000000 are fitted');
    await expect(fitMmppWindows(at(), 10, 1)).rejects.toThrow('there are no requests');
  });
});

// Means over ten seeds; their standard errors are 2.7, 2.4 and 1.6 % for code, 0.3, 0.4 and 0.9 % for conv (scripts/fitted-traces.mjs).
describeWithSharedData('a production trace, fitted window by window and generated again, has its rate, its CV and its bursts', () => {
  it.each([
    ['code', 0.11, 0.15, 0.27],
    ['conv', 0.012, 0.05, 0.11],
  ] as const)('%s', async (name, rate, cv, dispersion) => {
    const open = () => replay({ format: 'azure-llm', file: sharedData(`traces/azure-llm-2023-${name}.csv`) }, {});
    const real = await describeStream(await open());
    const { windows: found } = await fitMmppWindows(await open(), 60, 0.5);
    const off = [0, 0, 0];
    for (let seed = 0; seed < 10; seed++) {
      const again = await describeStream(generator.create({ windows: found }, stream(seed, name), Infinity));
      [again.requests / real.requests, again.gaps!.cv / real.gaps!.cv, again.dispersion[0].index / real.dispersion[0].index].forEach((ratio, i) => (off[i] += (ratio - 1) / 10));
    }
    [rate, cv, dispersion].forEach((bound, i) => expect(Math.abs(off[i])).toBeLessThan(bound));
  });
});
