import { describe, expect, test } from 'vitest';
import { corunAzureRatesRps as rates } from '../../src/trace/corun-azure-rates.js';
import { formats } from '../../src/trace/formats.js';
import { readAll } from './read-all.js';

describe('the scaled Azure stream has the published numbers', () => {
  const requests = rates.reduce((sum, r) => sum + r, 0);
  const mean = requests / rates.length;
  const sd = Math.sqrt(rates.reduce((sum, r) => sum + (r - mean) * (r - mean), 0) / rates.length);

  test('288 seconds, 2,979 requests', () => {
    expect(rates).toHaveLength(288);
    expect(requests).toBe(2979);
  });

  test('mean rate 10.34, standard deviation 1.129, CV 0.109', () => {
    expect(mean.toFixed(2)).toBe('10.34');
    expect(sd.toFixed(3)).toBe('1.129');
    expect((sd / mean).toFixed(3)).toBe('0.109');
  });

  test('so many seconds at each rate', () => {
    const seconds = Object.fromEntries([8, 9, 10, 11, 12, 13].map((rate) => [rate, rates.filter((r) => r === rate).length]));
    expect(seconds).toEqual({ 8: 10, 9: 64, 10: 82, 11: 87, 12: 39, 13: 6 });
  });
});

test('each rate r is one second with r requests, 1/r s apart', async () => {
  const { timeMs } = await readAll(await formats['corun-azure'].open({}, {}));
  expect(timeMs).toHaveLength(2979);
  expect(timeMs.at(-1)).toBe(288_000);
  let k = 0;
  for (const [second, rate] of rates.entries()) {
    for (let i = 1; i <= rate; i++, k++) {
      expect(timeMs[k]).toBe(second * 1000 + (i * 1000) / rate);
      expect(timeMs[k] - (timeMs[k - 1] ?? 0)).toBeCloseTo(1000 / rate, 8);
    }
  }
});
