import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/input/error.js';
import { normalQuantile } from '../../src/random/normal.js';
import { stream } from '../../src/random/stream.js';
import type { ArrivalGenerator } from '../../src/trace/generator.js';
import { generators } from '../../src/trace/generators.js';
import { readAll } from './read-all.js';

const examples: Record<keyof typeof generators, object> = {
  poisson: { rate_rps: 20, requests: 3000 },
  gamma: { rate_rps: 20, cv: 2, requests: 3000 },
  even: { rate_rps: 20, requests: 3000 },
  'corun-azure': {},
  'corun-process-b': { rate_rps: 50 },
  mmpp: { states: [{ rate_rps: 5, mean_s: 1 }, { rate_rps: 50, mean_s: 1 }], requests: 2000 },
  'day-shape': { rate_rps: 20, shape: [1, 3, 2], period_s: 30, requests: 2000 },
  spike: { rate_rps: 20, peak_rps: 80, at_s: 5, for_s: 5, requests: 2000 },
  drain: { backlog: 50, at_s: 2, rate_rps: 20, requests: 2000 },
  fitted: { windows: [{ for_s: 50, rate_rps: 20, cv: 1 }, { for_s: 50, rate_rps: 20, cv: 0.5 }] },
  'fitted-mmpp': {
    windows: [
      { for_s: 60, states: [{ rate_rps: 5, mean_s: 2 }, { rate_rps: 50, mean_s: 1 }] },
      { for_s: 30, states: [{ rate_rps: 40, mean_s: 30 }] },
    ],
  },
};

const all = Object.entries<ArrivalGenerator>(generators);

async function times(name: keyof typeof generators, options: object, { untilMs = Infinity, seed = 1, block = 1000 } = {}) {
  const generator: ArrivalGenerator = generators[name];
  return (await readAll(generator.create(options, stream(seed, 'arrivals'), untilMs), block)).timeMs;
}

/** Inter-arrival times in ms; the first counts from 0. */
const gapsOf = (timeMs: number[]) => timeMs.map((t, i) => t - (i === 0 ? 0 : timeMs[i - 1]));

function moments(values: number[]) {
  const n = values.length;
  const mean = values.reduce((sum, v) => sum + v, 0) / n;
  let second = 0;
  let third = 0;
  let lagged = 0;
  for (let i = 0; i < n; i++) {
    const d = values[i] - mean;
    second += d * d;
    third += d * d * d;
    if (i > 0) lagged += d * (values[i - 1] - mean);
  }
  const variance = second / (n - 1);
  return { n, mean, variance, cv: Math.sqrt(variance) / mean, skewness: third / n / (variance * Math.sqrt(variance)), lag1: lagged / second };
}

/** Largest distance between the sample's distribution and a distribution function (Kolmogorov–Smirnov). */
function distanceFrom(cdf: (x: number) => number, values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.reduce((most, x, i) => Math.max(most, cdf(x) - i / sorted.length, (i + 1) / sorted.length - cdf(x)), 0);
}

/** Requests in each window of a second; one that comes at the very end of a window belongs to it. */
function countsPerSecond(timeMs: number[], seconds: number): number[] {
  const counts = new Array<number>(seconds).fill(0);
  for (const t of timeMs) if (t <= seconds * 1000) counts[Math.ceil(t / 1000) - 1]++;
  return counts;
}

describe.each(all)('%s', (name, generator) => {
  const key = name as keyof typeof generators;

  test('says what it is under its own name', () => {
    expect(generator.name).toBe(name);
    expect(generator.about).toMatch(/^[A-Z].*\.$/);
    expect(generator.source).not.toBe('');
  });

  test('its schema takes the example and no field that it does not know', () => {
    const valid = new Ajv({ useDefaults: true }).compile(generator.options);
    expect(valid({ ...examples[key] })).toBe(true);
    expect(valid({ ...examples[key], rate: 1 })).toBe(false);
  });

  test('never goes back, and starts after 0', async () => {
    const timeMs = await times(key, examples[key]);
    expect(timeMs.length).toBeGreaterThan(1000);
    expect(timeMs[0]).toBeGreaterThan(0);
    expect(timeMs.every((t, i) => i === 0 || t >= timeMs[i - 1])).toBe(true);
  });

  test('the blocks in which it is read do not matter', async () => {
    const timeMs = await times(key, examples[key]);
    for (const block of [1, 7, 4096]) expect(await times(key, examples[key], { block })).toEqual(timeMs);
  });

  test('the same seed gives the same times; another seed others, if it draws at all', async () => {
    const timeMs = await times(key, examples[key]);
    const again = await times(key, examples[key]);
    const other = await times(key, examples[key], { seed: 2 });
    expect(again).toEqual(timeMs);
    if (name === 'even' || name === 'corun-azure') expect(other).toEqual(timeMs);
    else expect(other).not.toEqual(timeMs);
  });

  test('ends with the run, and only what lies after the end is cut', async () => {
    const timeMs = await times(key, examples[key]);
    const untilMs = timeMs[500];
    expect(await times(key, examples[key], { untilMs })).toEqual(timeMs.filter((t) => t <= untilMs));
    expect(await times(key, examples[key], { untilMs: 0 })).toEqual([]);
  });

  test('the blocks do not matter at the end of the run either', async () => {
    const untilMs = (await times(key, examples[key]))[500];
    for (let seed = 1; seed <= 40; seed++) {
      const one = await times(key, examples[key], { untilMs, seed, block: 1 });
      expect(await times(key, examples[key], { untilMs, seed, block: 4096 })).toEqual(one);
    }
  });

  test('stays ended', () => {
    const arrivals = generator.create(examples[key], stream(1), 1000);
    const block = new Float64Array(100_000);
    expect(arrivals.read(block, block)).toBeGreaterThan(0);
    expect([arrivals.read(block, block), arrivals.read(block, block)]).toEqual([0, 0]);
  });

  test('has no SLO, and leaves the array for it alone', () => {
    const sloMs = new Float64Array(10).fill(7);
    const arrivals = generator.create(examples[key], stream(1), Infinity);
    arrivals.read(new Float64Array(10), sloMs);
    expect(arrivals.hasSlo).toBe(false);
    expect([...sloMs]).toEqual(new Array(10).fill(7));
  });
});

test.each(['poisson', 'gamma', 'even'] as const)('%s without an end is refused, with the remedy', (name) => {
  const create = () => (generators[name] as ArrivalGenerator).create({ rate_rps: 1, cv: 1 }, stream(1), Infinity);
  expect(create).toThrow(InputError);
  expect(create).toThrow(`arrivals of process ${name} would never end: give "requests"`);
});

test.each(['poisson', 'gamma', 'even'] as const)('%s makes exactly the requests that were asked for', async (name) => {
  for (const requests of [1, 999, 1000, 1001]) expect(await times(name, { rate_rps: 100, cv: 0.5, requests })).toHaveLength(requests);
});

describe('poisson', () => {
  const n = 200_000;

  test('gaps have the mean, CV 1, skewness 2, no correlation, and are exponential', async () => {
    const gaps = gapsOf(await times('poisson', { rate_rps: 50, requests: n }));
    const { mean, cv, skewness, lag1 } = moments(gaps);
    expect(Math.abs(mean / 20 - 1)).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(cv - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
    expect(Math.abs(skewness - 2)).toBeLessThan(0.15);
    expect(Math.abs(lag1)).toBeLessThan(4 / Math.sqrt(n));
    expect(distanceFrom((x) => 1 - Math.exp(-x / 20), gaps)).toBeLessThan(1.95 / Math.sqrt(n));
  });

  test('counts per second have dispersion index 1', async () => {
    const seconds = 4000;
    const counts = countsPerSecond(await times('poisson', { rate_rps: 50 }, { untilMs: seconds * 1000 }), seconds);
    const { mean, variance, lag1 } = moments(counts);
    expect(Math.abs(mean - 50)).toBeLessThan(4 * Math.sqrt(50 / seconds));
    expect(Math.abs(variance / mean - 1)).toBeLessThan(4 * Math.sqrt(2 / seconds));
    expect(Math.abs(lag1)).toBeLessThan(4 / Math.sqrt(seconds));
  });
});

describe('gamma', () => {
  const n = 200_000;

  test.each([0.1, 0.5, 1, 1.5, 2, 4])('CV %f: gaps have the mean, the CV, skewness 2 CV and no correlation', async (cv) => {
    const found = moments(gapsOf(await times('gamma', { rate_rps: 50, cv, requests: n })));
    expect(Math.abs(found.mean / 20 - 1)).toBeLessThan((4 * cv) / Math.sqrt(n));
    // The variance of a sample variance, with the Gamma's excess kurtosis 6 CV².
    expect(Math.abs(found.variance / (400 * cv * cv) - 1)).toBeLessThan(4 * Math.sqrt((2 + 6 * cv * cv) / n));
    expect(Math.abs(found.skewness / (2 * cv) - 1)).toBeLessThan(0.15);
    expect(Math.abs(found.lag1)).toBeLessThan(4 / Math.sqrt(n));
  });

  test('CV 1 is exponential', async () => {
    const gaps = gapsOf(await times('gamma', { rate_rps: 50, cv: 1, requests: n }));
    expect(distanceFrom((x) => 1 - Math.exp(-x / 20), gaps)).toBeLessThan(1.95 / Math.sqrt(n));
  });

  test('CV 0.5 is Erlang with four stages', async () => {
    const gaps = gapsOf(await times('gamma', { rate_rps: 50, cv: 0.5, requests: n }));
    const cdf = (x: number) => {
      const y = x / 5;
      return 1 - Math.exp(-y) * (1 + y + (y * y) / 2 + (y * y * y) / 6);
    };
    expect(distanceFrom(cdf, gaps)).toBeLessThan(1.95 / Math.sqrt(n));
  });

  test('CV √2 is half the square of a normal: the branch for shapes below 1', async () => {
    const gaps = gapsOf(await times('gamma', { rate_rps: 1, cv: Math.SQRT2, requests: n }));
    for (const p of [0.001, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999]) {
      const z = normalQuantile((1 + p) / 2);
      const below = gaps.filter((gap) => gap / 1000 < z * z).length / n;
      expect(Math.abs(below - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n));
    }
  });
});

describe('even', () => {
  test('request k comes at k / rate, exactly, also after millions', async () => {
    expect(await times('even', { rate_rps: 4, requests: 5 })).toEqual([250, 500, 750, 1000, 1250]);
    const arrivals = generators.even.create({ rate_rps: 3 }, stream(1), 1e9);
    const block = new Float64Array(3_000_000);
    expect(arrivals.read(block, block)).toBe(3_000_000);
    expect(block[2_999_999]).toBe(1e9);
    expect(arrivals.read(block, block)).toBe(0);
  });

  test('rate × time requests come in any time, none missing at its end', async () => {
    for (const rate of [1, 3, 7, 10, 30, 1000]) expect(await times('even', { rate_rps: rate }, { untilMs: 7000 })).toHaveLength(7 * rate);
  });
});

describe('corun-process-b', () => {
  test('lasts 60 seconds unless told otherwise', async () => {
    const timeMs = await times('corun-process-b', { rate_rps: 100 });
    expect(timeMs.at(-1)).toBe(60_000);
    expect((await times('corun-process-b', { rate_rps: 100, seconds: 7 })).at(-1)).toBe(7000);
  });

  test('each second is evenly filled up to its end, and a second may be empty', async () => {
    const seconds = 500;
    const timeMs = await times('corun-process-b', { rate_rps: 2, seconds });
    const counts = countsPerSecond(timeMs, seconds);
    const expected = counts.flatMap((n, s) => Array.from({ length: n }, (_, i) => s * 1000 + ((i + 1) * 1000) / n));
    expect(timeMs).toEqual(expected);
    expect(counts).toContain(0);
  });

  test.each([0.5, 10, 60, 1000])('at rate %f the counts are Poisson: mean, dispersion 1, no correlation', async (rate) => {
    const seconds = 4000;
    const counts = countsPerSecond(await times('corun-process-b', { rate_rps: rate, seconds }), seconds);
    const { mean, variance, skewness, lag1 } = moments(counts);
    expect(Math.abs(mean - rate)).toBeLessThan(4 * Math.sqrt(rate / seconds));
    expect(Math.abs(variance / mean - 1)).toBeLessThan(4 * Math.sqrt((2 + 1 / rate) / seconds));
    expect(Math.abs(skewness - 1 / Math.sqrt(rate))).toBeLessThan(0.25);
    expect(Math.abs(lag1)).toBeLessThan(4 / Math.sqrt(seconds));
  });

  test('a stream of ages at a tiny rate ends with the run', async () => {
    expect(await times('corun-process-b', { rate_rps: 1e-9, seconds: 1e15 }, { untilMs: 60_000 })).toEqual([]);
  });
});
