import type { ResolvedAlternative } from '../scenario/scenario.js';
import type { Measured } from '../measurement/measurement.js';
import { meanInterval } from '../statistics/summary.js';
import type { Estimate, Verdict } from './result.js';

/** A backlog that grows by less than this share of the arrivals is not called overload. */
const NEGLIGIBLE_GROWTH = 0.01;
/** Where no request has an SLO, a backlog may take so long to clear after the last request. */
const PATIENCE_MS = 10_000;
/** A backlog is more than what is in the system on the average: that many times. */
const PILED_UP = 1.5;
/** And in any case so many times the longest solo time: the last request itself has to be served. */
const PATIENCE_IN_SERVICES = 10;

/**
 * Whether the alternative keeps up.
 *
 * - `overloaded`: the backlog's slope over the window is above 0 with its whole 95 % interval, and more than 1 % of the arrivals
 * - `backlogged`: not that, but requests were never answered, or at the window's end one and a half times as many were in the
 *   system as on the average, and took longer to clear than the longest SLO (10 s without
 *   one) and than ten times the longest solo time
 */
export function verdictOf(runs: readonly Measured[], alternative: ResolvedAlternative): { verdict: Verdict; slope: Estimate } {
  const { mean, ci95 } = meanInterval(runs.map((run) => run.backlogSlopeRps));
  const arrivalsRps = average(runs, (run) => (1000 * run.apps.reduce((sum, app) => sum + app.born, 0)) / run.windowMs);
  const slope = { mean, ci95 };
  if (ci95[0] > 0 && mean > NEGLIGIBLE_GROWTH * arrivalsRps) return { verdict: 'overloaded', slope };
  const longestSloMs = Math.max(...runs.map((run) => run.longestSloMs));
  const patienceMs = Math.max(longestSloMs > 0 ? longestSloMs : PATIENCE_MS, PATIENCE_IN_SERVICES * longestServiceMs(alternative));
  const unfinished = runs.some((run) => run.apps.some((app) => app.unfinished > 0));
  const clearedAfterMs = average(runs, (run) => run.clearedAfterMs);
  const isPiledUp = average(runs, (run) => run.backlogAtEnd) > PILED_UP * average(runs, (run) => run.meanInSystem);
  return { verdict: unfinished || (isPiledUp && clearedAfterMs > patienceMs) ? 'backlogged' : 'stable', slope };
}

function average(runs: readonly Measured[], of: (run: Measured) => number): number {
  return runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
}

/** Longest mean solo time over the stages of all apps, on whichever accelerator is slowest. */
function longestServiceMs({ scenario, accelerators }: ResolvedAlternative): number {
  const models = scenario.workload.flatMap(({ stages }) => stages.flatMap(({ model, variants = [{ model }] }) => variants.map((variant) => variant.model)));
  return Math.max(...models.flatMap((model) => accelerators.flatMap(({ profile }) => profile.models[model]?.solo_ms ?? [])));
}
