import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { metricsOf, type MetricValues } from '../../src/experiment/metrics.js';
import { replicate } from '../../src/experiment/replication.js';
import { loadScenario } from '../../src/scenario/load.js';
import { resolveAlternatives } from '../../src/scenario/resolve.js';

const scenario = (name: string): string => fileURLToPath(new URL(`../../scenarios/systems/${name}.yaml`, import.meta.url));

async function resultsOf(name: string, durationS: number): Promise<Map<string, MetricValues>> {
  const results = new Map<string, MetricValues>();
  for (const alternative of await resolveAlternatives(await loadScenario(scenario(name)))) {
    alternative.scenario.duration_s = durationS;
    const { measured, refused } = await replicate({ alternative, replication: 0, warmUpMs: 0 });
    expect(refused, alternative.name).toBeUndefined();
    results.set(alternative.name, metricsOf(measured!, alternative));
  }
  return results;
}

it('every system serves the same requests, and each pays in its own way', async () => {
  const results = await resultsOf('all', 3600);
  const of = (name: string): MetricValues => results.get(name)!;
  expect([...results.keys()]).toEqual(['corun', 'ekya', 'igniter', 'gslice', 'd-stack', 'orion', 'a GPU for each task']);
  // Open arrivals: what is born is the same for all, and nothing is lost.
  for (const [name, metrics] of results) expect([metrics.failed_share, metrics.oom_events], name).toEqual([0, 0]);
  // Pausing training for every request makes its epoch longer; a small share of the GPU for inference does not.
  expect(of('orion').epoch_s).toBeGreaterThan(1.2 * of('corun').epoch_s!);
  expect(of('igniter').epoch_s).toBeLessThan(of('corun').epoch_s!);
  // The least share that is enough on average is not enough in bursts.
  expect(of('igniter').latency_p95_ms).toBeGreaterThan(2 * of('d-stack').latency_p95_ms!);
  expect(of('a GPU for each task').usd_per_million).toBeGreaterThan(2.9 * of('corun').usd_per_million!);
});

it("iGniter's plan is better than GSLICE's steps on the GPU that both were run on", async () => {
  const results = await resultsOf('shares', 60);
  expect(results.get('igniter')!.goodput_rps).toBeGreaterThan(2 * results.get('gslice')!.goodput_rps!);
});
