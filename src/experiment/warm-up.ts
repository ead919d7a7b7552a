import type { ResolvedAlternative } from '../scenario/scenario.js';
import type { WarmUpSeries } from '../measurement/measurement.js';
import { mserCut } from '../statistics/mser.js';
import { isStationary } from './arrivals.js';
import type { Pool } from './pool.js';

/** The replication number of pilot runs, whose draws no measured replication shares. */
const PILOT = -1;

/**
 * A cut that all alternatives share, since their replications are compared pair by pair: the longest that MSER-5 finds in a
 * pilot run of each. A pilot without a steady part (the best cut is the latest possible, as under overload) has no say.
 *
 * @returns ms, 0 where a warm-up makes no sense or is not wanted; and what a reader should know of it
 */
export async function findWarmUp(alternatives: readonly ResolvedAlternative[], pool: Pool, signal: AbortSignal | undefined): Promise<{ warmUpMs: number; notes: string[] }> {
  if (!alternatives.every(({ scenario }) => scenario.measure.warm_up === 'auto' && isStationary(scenario) && hasCommonWindow(scenario))) return { warmUpMs: 0, notes: [] };
  const notes: string[] = [];
  let warmUpMs = 0;
  await Promise.all(
    alternatives.map(async (alternative) => {
      if (signal?.aborted) return;
      const { series } = await pool.run({ alternative, replication: PILOT, warmUpMs: 0, series: true });
      if (series === undefined) return;
      const cutMs = cutOf(series);
      if (cutMs === undefined) notes.push(`No warm-up was found in ${alternative.name}: it did not become steady.`);
      else warmUpMs = Math.max(warmUpMs, cutMs);
    }),
  );
  return { warmUpMs, notes: notes.sort() };
}

/** Whether the window ends at the same time whatever the policies do: clients that send a number of requests are done when they are done. */
function hasCommonWindow({ workload, duration_s }: ResolvedAlternative['scenario']): boolean {
  return duration_s !== undefined || workload.every(({ clients }) => clients === undefined);
}

function cutOf({ latencyMs, bornMs }: WarmUpSeries): number | undefined {
  const cut = mserCut(latencyMs);
  if (cut > 0 && cut === Math.floor(latencyMs.length / 2)) return undefined;
  return cut === 0 ? 0 : bornMs[cut];
}
