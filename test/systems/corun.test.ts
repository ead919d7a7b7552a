import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { metricsOf, type MetricValues } from '../../src/experiment/metrics.js';
import { replicate } from '../../src/experiment/replication.js';
import { loadScenario } from '../../src/scenario/load.js';
import { resolveAlternatives } from '../../src/scenario/resolve.js';

const scenario = (name: string): string => fileURLToPath(new URL(`../../scenarios/systems/${name}.yaml`, import.meta.url));

async function resultsOf(name: string): Promise<Map<string, { metrics: MetricValues; facts?: Record<string, number | string>; refused?: string }>> {
  const results = new Map<string, { metrics: MetricValues; facts?: Record<string, number | string>; refused?: string }>();
  for (const alternative of await resolveAlternatives(await loadScenario(scenario(name)))) {
    const { measured, facts, refused } = await replicate({ alternative, replication: 0, warmUpMs: 0 });
    results.set(alternative.name, { metrics: measured === undefined ? {} : metricsOf(measured, alternative), facts, refused });
  }
  return results;
}

it("Corun's experiment gives the published growth of the epoch, and its aims hold", async () => {
  const results = await resultsOf('corun');
  const of = (name: string): MetricValues => results.get(name)!.metrics;
  const alone = of('retraining alone').epoch_s!;
  const growth = (name: string): number => of(name).epoch_s! / alone;
  // Seconds per epoch beside 0, 1, 2 and 4 inferences: 226, 245, 264, 412 (Sensors 24(16), 2024, released plot).
  expect(growth('one inference beside retraining')).toBeCloseTo(245 / 226, 2);
  expect(growth('two inferences beside retraining')).toBeCloseTo(264 / 226, 2);
  expect(Math.abs(growth('corun') / (412 / 226) - 1)).toBeLessThan(0.01);
  expect(results.get('corun')!.facts).toMatchObject({ K: 4 });
  // More throughput than one at a time; latency and epoch grow less than in proportion; no lack of memory; one GPU, not five.
  expect(of('corun').throughput_rps).toBeGreaterThan(1.5 * of('one inference beside retraining').throughput_rps!);
  expect(growth('corun')).toBeLessThan(4);
  expect(of('corun').oom_events).toBe(0);
  expect([of('corun').gpus, of('one task per GPU').gpus]).toEqual([1, 5]);
  expect(of('corun').usd_per_million).toBeLessThan(of('one task per GPU').usd_per_million!);
});

it('the pool of eight models runs on K processes, which one process each does not', async () => {
  const results = await resultsOf('corun-pool');
  const pool = results.get('K processes')!;
  expect(pool.facts).toMatchObject({ K: 4, 'latency at K': expect.stringContaining('of 70 combinations') as string });
  expect([pool.metrics.failed_share, pool.metrics.oom_events]).toEqual([0, 0]);
  expect(pool.metrics.unfinished_share).toBe(0);
  // Some requests wait for a load of 3 s, and most do not.
  expect(pool.metrics.latency_p99_ms).toBeGreaterThan(3000);
  expect(pool.metrics.slo_attainment).toBeGreaterThan(0.3);
  expect(results.get('one process each')!.refused).toContain('use fewer apps');
});
