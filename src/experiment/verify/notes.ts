import type { RealRuns } from './real-runs.js';
import type { VerifiedAlternative } from './result.js';

/** A sender that is less late than this is as good as a timer. */
const FINE_LATE_MS = 1;
/** Of the median latency: what a sender may add before it is told. */
const FINE_LATE_SHARE = 0.1;

/** What hides or distorts something in one alternative's real runs, in sentences. */
export function notesOn({ name, metrics, sender_late_ms: late }: VerifiedAlternative, { mishaps, metrics: runs, requests, thrownAway, keptDisturbed, mostOthers }: RealRuns): string[] {
  const notes = Array.from(mishaps, (mishap) => `${name}: in a real run ${mishap}.`);
  const medianMs = metrics.latency_p50_ms?.real?.median ?? 0;
  if (late !== undefined && late.p99 > Math.max(FINE_LATE_MS, FINE_LATE_SHARE * medianMs))
    notes.push(`${name}: requests were sent late, ${late.p99.toFixed(1)} ms at the 99th percentile and ${late.max.toFixed(1)} ms at most, so that the real load was not quite the predicted one.`);
  if (metrics.epoch_s !== undefined && metrics.epoch_s.real === undefined) notes.push(`${name}: fewer than two epochs ended in each real run, so no epoch was measured; a longer duration_s would give it some.`);
  if (thrownAway + keptDisturbed > 0)
    notes.push(`${name}: other programs took up to ${(100 * mostOthers).toFixed(0)} % of the processors during real runs; ${thrownAway} ${thrownAway === 1 ? 'was' : 'were'} thrown away and run again, and ${keptDisturbed} kept all the same.`);
  if (runs.length > 0 && requests.length === 0) notes.push(`${name}: no request came in the real runs.`);
  return notes;
}
