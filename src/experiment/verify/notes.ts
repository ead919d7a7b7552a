import type { RealRuns } from './real-runs.js';
import type { VerifiedAlternative } from './result.js';
import type { Speed } from './speed.js';

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

/** From here on a machine is said to be another than when it was calibrated: twice what solo runs of a quiet one may differ by would be 6 %. */
const OTHER_SPEED = 0.05;

/** How fast the machine was beside the profile, where that is worth a sentence. */
export function speedNotes({ model, real_ms: real, profile_ms: profile, factor, runs }: Speed): string[] {
  if (Math.abs(factor - 1) < OTHER_SPEED) return [];
  const percent = Math.abs(100 * (factor - 1)).toFixed(0);
  return [
    `The machine was ${percent} % ${factor > 1 ? 'slower' : 'faster'} than the profile says: an image of ${model} alone took ${real.toPrecision(3)} ms before the traffic of ${runs} real ${runs === 1 ? 'run' : 'runs'} (median), and by the profile ${profile.toPrecision(3)} ms. What a profile of that speed would predict is in summary.json (at_speed) and in the report; if it stays so, calibrate again.`,
  ];
}
