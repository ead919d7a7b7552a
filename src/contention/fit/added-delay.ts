import type { ObservedGroup } from './group.js';
import { momentsOf } from './moments.js';
import type { Situation } from './situation.js';

/** What a request waits, beside training, for the rest of a slice of the training job that cannot be interrupted. */
export interface AddedDelay {
  meanMs: number;
  /** Share of time in which a slice runs, and the length of a slice. */
  busy: number;
  lengthMs: number;
  /** Groups of an open loop that it was found in. */
  groups: number;
}

/** Single requests of an open loop, and as many of a closed one, that moments are taken from. */
const FEWEST_ROWS = 30;
/** A wait that is not so many standard errors above 0 may be chance, such as a stall that one of the two loops met. */
const SURE = 3;

interface Wait {
  mean: number;
  variance: number;
  /** Variance of the mean. */
  error: number;
}

/**
 * The added delay w by training class, from open-loop probes: L = w + s L₀, where s L₀ is what back-to-back requests beside the same jobs
 * take. A request that comes at a random moment meets a slice with probability b and waits for a uniform rest of its length l, so
 *
 *   E w = b l / 2,  E w² = b l² / 3   ⇒   l = 3 E w² / (2 E w),  b = 2 E w / l
 *
 * with the moments of w as differences of mean and variance between the two loops, since w is independent of the work. Only the
 * probes at the lowest rate are used: at a higher one requests also wait for each other.
 */
export function addedDelays(groups: readonly ObservedGroup[], situationOf: (group: ObservedGroup) => Situation): Map<string, AddedDelay> {
  const singles = groups.filter((g) => g.workload === 'inference' && g.trainingJobs > 0 && (g.units ?? 1) === 1 && g.n >= FEWEST_ROWS);
  const found = new Map<string, Wait[]>();
  const lowest = new Map<string, ObservedGroup>();
  for (const g of singles) {
    if (g.mode !== 'open') continue;
    const key = keyOf(situationOf(g));
    const other = lowest.get(key);
    if (other === undefined || (g.offeredRps ?? Infinity) < (other.offeredRps ?? Infinity)) lowest.set(key, g);
  }
  for (const [key, open] of lowest) {
    const closed = singles.find((g) => g.mode !== 'open' && keyOf(situationOf(g)) === key);
    if (closed === undefined) continue;
    const [a, b] = [momentsOf(open), momentsOf(closed)];
    const training = situationOf(open).neighbours.find((n) => n.class.startsWith('training:'))!.class;
    found.set(training, [...(found.get(training) ?? []), { mean: a.mean - b.mean, variance: a.variance - b.variance, error: a.variance / a.n + b.variance / b.n }]);
  }
  const out = new Map<string, AddedDelay>();
  for (const [training, all] of found) {
    const mean = all.reduce((sum, m) => sum + m.mean, 0) / all.length;
    const error = Math.sqrt(all.reduce((sum, m) => sum + m.error, 0)) / all.length;
    if (!(mean > SURE * error)) continue;
    const square = all.reduce((sum, m) => sum + Math.max(0, m.variance) + m.mean * m.mean, 0) / all.length;
    // A wait that is surer than any slice could make it: the slice runs all the time.
    const lengthMs = Math.max(2 * mean, (1.5 * square) / mean);
    out.set(training, { meanMs: mean, busy: (2 * mean) / lengthMs, lengthMs, groups: all.length });
  }
  return out;
}

/** Same jobs, whatever loop. */
const keyOf = (s: Situation): string => [s.observed, ...s.neighbours.map((n) => `${n.count} ${n.class}`).sort()].join('|');
