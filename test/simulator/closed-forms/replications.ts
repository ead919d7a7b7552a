import { expect } from 'vitest';
import { replicate } from '../../../src/experiment/replication.js';
import type { ResolvedAlternative } from '../../../src/scenario/scenario.js';
import type { Measured } from '../../../src/measurement/measurement.js';
import { meanInterval, variance } from '../../../src/statistics/summary.js';

/** What the replications 0, 1, … of an alternative measured after the warm-up. */
export async function measure(alternative: ResolvedAlternative, replications: number, warmUpMs = 0): Promise<Measured[]> {
  const found: Measured[] = [];
  for (let replication = 0; replication < replications; replication++) {
    const { measured, refused } = await replicate({ alternative, replication, warmUpMs });
    if (measured === undefined) throw new Error(refused);
    found.push(measured);
  }
  return found;
}

/**
 * Holds replications against a closed form, in two ways that must both hold: the truth is within four standard errors
 * of the mean (a false alarm in 16,000, were seeds not fixed), and four standard errors are no more than `tolerance` × truth, so that
 * passing means something.
 */
export function expectTruth(values: number[], truth: number, tolerance: number): void {
  const { mean } = meanInterval(values);
  const standardError = Math.sqrt(variance(values) / values.length);
  expect(4 * standardError, 'four standard errors, beside the tolerance').toBeLessThanOrEqual(tolerance * truth);
  expect(Math.abs(mean - truth), `distance of ${mean} from ${truth}, beside four standard errors`).toBeLessThanOrEqual(4 * standardError + 1e-12 * truth);
}

/** Mean latency of one app, or of all of them. */
export function meanLatencyMs({ apps }: Measured, app?: number): number {
  const chosen = app === undefined ? apps : [apps[app]];
  return sum(chosen, (a) => a.latencySumMs) / sum(chosen, (a) => a.answered);
}

export function rejectedShare({ apps }: Measured, app?: number): number {
  const chosen = app === undefined ? apps : [apps[app]];
  return sum(chosen, (a) => a.rejected) / sum(chosen, (a) => a.born);
}

/** Mean number of requests of an app in the system, by Little's law on the requests born in the window. */
export function meanInSystem({ apps, windowMs }: Measured, app = 0): number {
  return apps[app].latencySumMs / windowMs;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
