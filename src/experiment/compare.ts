import type { MetricName } from '../scenario/metrics.js';
import type { ResolvedAlternative } from '../scenario/scenario.js';
import { isPrecise, levelWithLooks, nextLook } from '../statistics/stopping.js';
import { meanInterval } from '../statistics/summary.js';
import { driftNotes } from './drift-notes.js';
import { faultNotes } from './fault-notes.js';
import { bestOf, detailOf, differencesIn, profilesOf, rankingNotes, resultOf } from './findings.js';
import type { Pool } from './pool.js';
import type { Comparison, Detail } from './result.js';
import { drawsOf, PER_DRAW } from './model-uncertainty.js';
import { completeReplications, keep, keepDrawn, noRuns, valuesOf, type Runs } from './runs.js';
import { findWarmUp } from './warm-up.js';

export interface CompareOptions {
  /** What the result calls the scenario, usually its path as given. */
  scenario: string;
  /** The command line that gives this result again, for the report. */
  command?: string;
  pool: Pool;
  /** Also record replication 0 of each alternative in detail. */
  detail?: { rows: number; spans: number };
  onProgress?: (progress: Progress) => void;
  /** Keeps what is finished and stops. */
  signal?: AbortSignal;
}

export interface Progress {
  /** Replications finished, over all alternatives, and how many there will be up to the next look. */
  done: number;
  next: number;
  /** How many there can be at most. */
  most: number;
}

/**
 * Runs every alternative with the same draws, until the primary metric of each is known precisely enough.
 *
 * Replication i of all alternatives shares its random numbers, so differences are paired. Results do not depend on the pool.
 *
 * @throws InputError if a trace or a researcher's policy turns out to be broken
 */
export async function compare(alternatives: readonly ResolvedAlternative[], options: CompareOptions): Promise<{ comparison: Comparison; detail: Detail }> {
  const { pool, signal } = options;
  const { scenario } = alternatives[0];
  const { primary, replications: limits } = scenario.measure;
  const runs = alternatives.map(noRuns);
  const { warmUpMs, notes } = await findWarmUp(alternatives, pool, signal);
  const level = levelWithLooks(limits.max, limits.min);
  let looked = 0;
  let stopped: Comparison['stopped'] = 'maximum';
  let done = 0;
  while (looked < limits.max) {
    const look = Math.min(limits.max, Math.max(limits.min, nextLook(looked, limits.max)));
    const live = runs.filter((r) => r.refused === undefined);
    if (live.length === 0) {
      stopped = 'refused';
      break;
    }
    // Replication by replication, so that an interruption leaves the same number of each alternative.
    const tasks = Array.from({ length: look - looked }, (_, i) => live.map((r) => ({ r, replication: looked + i }))).flat();
    const reached = await runAll(tasks, pool, signal, async ({ r, replication }) => {
      if (r.refused !== undefined) return;
      const record = replication === 0 ? options.detail : undefined;
      keep(r, replication, await pool.run({ alternative: r.alternative, replication, warmUpMs, record }));
      done++;
      options.onProgress?.({ done, next: look * live.length, most: limits.max * live.length });
    });
    if (!reached) {
      stopped = 'interrupted';
      break;
    }
    looked = look;
    if (runs.some((r) => r.refused === undefined) && runs.every((r) => isPreciseIn(r, primary, level, limits.relative_half_width))) {
      stopped = 'precise';
      break;
    }
  }
  if (stopped !== 'interrupted') {
    const tasks = runs.flatMap((r) => Array.from({ length: PER_DRAW * drawsOf(r) }, (_, i) => ({ r, draw: Math.floor(i / PER_DRAW), replication: i % PER_DRAW })));
    const next = done + tasks.length;
    const reached = await runAll(tasks, pool, signal, async ({ r, draw, replication }) => {
      keepDrawn(r, draw, replication, await pool.run({ alternative: r.alternative, replication, warmUpMs, draw }));
      done++;
      options.onProgress?.({ done, next, most: next });
    });
    if (!reached) {
      stopped = 'interrupted';
      for (const r of runs) r.drawn.length = 0;
    }
  }
  const complete = completeReplications(runs);
  for (const r of runs) r.finished.length = complete;

  notes.push(...faultNotes(runs), ...driftNotes(runs), ...rankingNotes(runs, primary));
  const wanted = [...new Set<MetricName>([primary, ...scenario.measure.metrics])];
  const comparison: Comparison = {
    schema: 'corun/comparison@1',
    scenario: options.scenario,
    ...(scenario.title === undefined ? {} : { title: scenario.title }),
    seed: scenario.seed,
    ...(options.command === undefined ? {} : { command: options.command }),
    primary,
    replications: complete,
    stopped,
    ...(warmUpMs > 0 ? { warm_up_s: warmUpMs / 1000 } : {}),
    alternatives: runs.map((r) => resultOf(r, level)),
    differences: complete === 0 ? [] : wanted.flatMap((metric) => differencesIn(runs, metric, level)),
    best: complete === 0 ? {} : bestOf(runs, primary),
    profiles: profilesOf(runs),
    ...(notes.length > 0 ? { notes } : {}),
  };
  return { comparison, detail: detailOf(runs) };
}

/**
 * Works on the tasks in their order, as many at once as keep the pool's threads busy.
 *
 * @returns whether all were done: after the signal no further one is begun, and those that were begun are finished
 */
async function runAll<T>(tasks: readonly T[], pool: Pool, signal: AbortSignal | undefined, run: (task: T) => Promise<void>): Promise<boolean> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < tasks.length && !signal?.aborted) await run(tasks[next++]);
  };
  await Promise.all(Array.from({ length: pool.threads === 1 ? 1 : 2 * pool.threads }, work));
  return next === tasks.length;
}

/** Whether an alternative needs no further replication: it has a narrow interval, or none at all. */
function isPreciseIn(r: Runs, primary: MetricName, level: number, relativeHalfWidth: number): boolean {
  const values = valuesOf(r, primary);
  if (values.every((v) => v === undefined)) return true;
  return values.every((v): v is number => v !== undefined) && isPrecise(meanInterval(values, level), relativeHalfWidth);
}
