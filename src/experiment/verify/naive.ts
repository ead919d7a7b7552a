import { InputError } from '../../input/error.js';
import { predictCoRun } from '../../profile/co-run.js';
import type { NamedProfile } from '../../profile/load.js';
import type { MetricName } from '../../scenario/metrics.js';
import type { ResolvedAlternative } from '../../scenario/scenario.js';
import type { MetricValues } from '../metrics.js';

/** The same alternative on accelerators where neighbours cost nothing: neither contention nor waiting for a training slice. */
export function withoutContention(alternative: ResolvedAlternative): ResolvedAlternative {
  return { ...alternative, accelerators: alternative.accelerators.map((accelerator) => ({ ...accelerator, profile: alone(accelerator.profile) })) };
}

function alone(profile: NamedProfile): NamedProfile {
  const training = Object.fromEntries(Object.entries(profile.training ?? {}).map(([name, { slice: _, ...rest }]) => [name, rest]));
  const { contention: _, ...rest } = profile;
  return { ...rest, ...(profile.training && { training }) };
}

/**
 * What one reads off the measurements without simulating: every worker process is always busy beside all others, no request waits for
 * another, and no more is answered than is asked.
 *
 * @param workers models of the worker processes, by accelerator
 * @param offeredRps requests per second
 * @param trains by accelerator: the model that is retrained there, if one is
 */
export function lookedUp({ accelerators }: ResolvedAlternative, workers: readonly (readonly string[])[], offeredRps: number, trains: readonly (string | undefined)[]): MetricValues {
  const latenciesMs: number[] = [];
  const epochsMs: number[] = [];
  try {
    accelerators.forEach(({ profile }, id) => {
      const { latencyMs, epochMs } = predictCoRun(profile, workers[id], trains[id]);
      latenciesMs.push(...latencyMs);
      if (epochMs !== undefined) epochsMs.push(epochMs);
    });
  } catch (error) {
    // A profile that does not know one of them has nothing to look up.
    if (error instanceof InputError) return {};
    throw error;
  }
  if (latenciesMs.length === 0) return {};
  const mean = latenciesMs.reduce((sum, ms) => sum + ms, 0) / latenciesMs.length;
  const latency = Object.fromEntries((['latency_mean_ms', 'latency_p50_ms', 'latency_p95_ms', 'latency_p99_ms'] satisfies MetricName[]).map((name) => [name, mean]));
  return {
    throughput_rps: Math.min(offeredRps, latenciesMs.reduce((sum, ms) => sum + 1000 / ms, 0)),
    ...latency,
    ...(epochsMs.length > 0 && { epoch_s: epochsMs.reduce((sum, ms) => sum + ms, 0) / epochsMs.length / 1000 }),
  };
}
