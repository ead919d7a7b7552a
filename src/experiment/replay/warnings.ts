import type { ReplayMode } from './replay.js';
import type { Counts } from './tally.js';

/** A sender that is less late than this is as good as a timer. */
const FINE_LATE_MS = 1;
/** Of the median latency: what a sender may add before it is told. */
const FINE_LATE_SHARE = 0.1;
/** Fewer answers have no 99th percentile. */
const FEW_FOR_P99 = 100;

const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`;

/** What hides or distorts something in a replay's numbers, in sentences. */
export function warningsOf(result: Counts & ReplayMode & { interrupted: boolean }, { timeoutMs, mostOpen }: { timeoutMs: number; mostOpen: number }): string[] {
  const { outcomes, requests, answered, sender_late_ms: late, latency_from_sent_ms: latency } = result;
  const warnings: string[] = [];
  if (late !== undefined && late.p99 > Math.max(FINE_LATE_MS, FINE_LATE_SHARE * (latency?.p50 ?? 0)))
    warnings.push(
      `The sender was late: ${ms(late.p50)} at the median, ${ms(late.p99)} at the 99th percentile, ${ms(late.max)} at most. Latencies from due contain it, and the server saw the bursts of the trace flatter than they are: send from a machine of its own, at a lower --speed, or from several.`,
    );
  if (outcomes.not_sent > 0) warnings.push(`${outcomes.not_sent} requests were not sent, since ${mostOpen} were open already: the server saw less load than the trace has. It is overloaded, or --most-open is too low.`);
  if (outcomes.timeout > 0) warnings.push(`${outcomes.timeout} requests were given up after ${timeoutMs / 1000} s and are in no percentile, so the true ones are longer.`);
  if (answered === 0) warnings.push('No request was answered with 200, so there are no latencies.');
  else if (answered < requests) warnings.push(`Latencies are of the ${((100 * answered) / Math.max(1, requests)).toFixed(1)} % of requests that were answered with 200.`);
  if (answered > 0 && answered < FEW_FOR_P99) warnings.push(`${answered} answers are too few for a 99th percentile: it is near the longest of them.`);
  if (result.mode === 'closed') warnings.push('In a closed loop a slow server is asked less, so these latencies are not those that a schedule would have seen.');
  if (result.interrupted) warnings.push('It was interrupted: what follows in the trace was not sent, and what was open has the outcome "interrupted".');
  return warnings;
}
