import type { ResolvedAlternative } from '../../scenario/scenario.js';
import { resultOf } from '../findings.js';
import { metricsOf } from '../metrics.js';
import { drawsOf, PER_DRAW } from '../model-uncertainty.js';
import type { Pool } from '../pool.js';
import type { AlternativeResult } from '../result.js';
import { keep, keepDrawn, noRuns } from '../runs.js';
import type { LatencyHistogram } from '../../statistics/histogram.js';

export interface Prediction {
  result: AlternativeResult;
  latencies: LatencyHistogram;
  /** Mean length of the simulated window, ms; NaN where nothing was predicted. */
  windowMs: number;
}

/** Of the requests that all real runs get too. */
const ARRIVALS = 0;

/**
 * Simulates the requests of the real runs, so many times with draws of its own for what no scenario says: service times, the network.
 *
 * @throws InputError if a trace or a researcher's policy is broken
 */
export async function predict(alternative: ResolvedAlternative, replications: number, pool: Pool): Promise<Prediction> {
  const r = noRuns(alternative);
  const windowsMs: number[] = [];
  await Promise.all(
    Array.from({ length: replications }, async (_, replication) => {
      const done = await pool.run({ alternative, replication, arrivals: ARRIVALS, warmUpMs: 0 });
      if (done.measured !== undefined) windowsMs[replication] = done.measured.windowMs;
      keep(r, replication, done);
    }),
  );
  const draws = Array.from({ length: drawsOf(r) }, (_, draw) => Array.from({ length: PER_DRAW }, (_, replication) => ({ draw, replication }))).flat();
  await Promise.all(draws.map(async ({ draw, replication }) => keepDrawn(r, draw, replication, await pool.run({ alternative, replication, arrivals: ARRIVALS, warmUpMs: 0, draw }))));
  return { result: resultOf(r, 0.95), latencies: r.latencies, windowMs: r.refused === undefined ? windowsMs.reduce((sum, ms) => sum + ms, 0) / replications : NaN };
}

/**
 * Mean P95 latency at another load, over the first replications.
 *
 * @returns undefined where it cannot be predicted, or nothing is answered
 */
export async function p95AtLoad(alternative: ResolvedAlternative, loadFactor: number, replications: number, pool: Pool): Promise<number | undefined> {
  const each = await Promise.all(
    Array.from({ length: replications }, async (_, replication) => {
      const { measured } = await pool.run({ alternative, replication, arrivals: ARRIVALS, warmUpMs: 0, loadFactor });
      return measured && metricsOf(measured, alternative).latency_p95_ms;
    }),
  );
  return each.some((p95) => p95 === undefined) ? undefined : (each as number[]).reduce((sum, p95) => sum + p95, 0) / replications;
}
