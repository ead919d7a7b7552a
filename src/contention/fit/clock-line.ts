import type { FitPoint } from './fittable.js';
import { jobsBeside } from './loading-term.js';
import type { Situation } from './situation.js';

/** A clock within this of the fastest one is not throttled. */
const FULL = 0.99;
const LOWEST = 0.1;

/**
 * The clock in a situation over the clock of a job alone, after iGniter: it is full up to a power, and falls linearly with the power
 * that all jobs together would draw beyond it, P = P_idle + Σ (pⱼ − P_idle). P_idle comes from groups at full clock, the cap and
 * the slope from those at a lower one.
 *
 * @returns always 1 where clock and power were not measured, or the clock never fell
 */
export function clockOf(points: readonly FitPoint[]): (situation: Situation) => number {
  const flat = (): number => 1;
  const alone = new Map<string, number>();
  for (const p of points) if (p.situation.neighbours.length === 0 && p.readings?.power_w !== undefined) alone.set(p.situation.observed, p.readings.power_w);
  const known = points.flatMap((p) => {
    const { clock_mhz: clock, power_w: power } = p.readings ?? {};
    const drawn = demand(p.situation, alone);
    return clock === undefined || power === undefined || drawn === undefined ? [] : [{ clock, power, ...drawn }];
  });
  if (known.length === 0) return flat;
  const fastest = Math.max(...known.map((k) => k.clock));
  const full = known.filter((k) => k.clock >= FULL * fastest && k.processes > 1);
  const slow = known.filter((k) => k.clock < FULL * fastest && k.processes > 1);
  const others = full.reduce((sum, k) => sum + (k.processes - 1) ** 2, 0);
  if (slow.length === 0 || others === 0) return flat;
  const idle = Math.max(0, full.reduce((sum, k) => sum + (k.sum - k.power) * (k.processes - 1), 0) / others);
  const wanted = (k: { sum: number; processes: number }): number => k.sum - (k.processes - 1) * idle;
  const { cap, slope } = fall(slow.map((k) => ({ watts: wanted(k), change: k.clock / fastest - 1 })), Math.max(...full.map(wanted)));
  return (situation) => {
    const drawn = demand(situation, alone);
    return drawn === undefined ? 1 : Math.max(LOWEST, 1 + Math.min(0, slope) * Math.max(0, wanted(drawn) - cap));
  };
}

function demand(s: Situation, alone: ReadonlyMap<string, number>): { sum: number; processes: number } | undefined {
  let [sum, processes] = [alone.get(s.observed) ?? NaN, 1];
  for (const n of jobsBeside(s)) {
    sum += n.count * (alone.get(n.class) ?? NaN);
    processes += n.count;
  }
  return Number.isNaN(sum) ? undefined : { sum, processes };
}

/** The least-squares line of the relative clock over the power; through the largest power at full clock where one slow group is all there is. */
function fall(slow: readonly { watts: number; change: number }[], highest: number): { cap: number; slope: number } {
  const watts = slow.reduce((sum, k) => sum + k.watts, 0) / slow.length;
  const change = slow.reduce((sum, k) => sum + k.change, 0) / slow.length;
  const squares = slow.reduce((sum, k) => sum + (k.watts - watts) ** 2, 0);
  const slope = squares === 0 ? 0 : slow.reduce((sum, k) => sum + (k.watts - watts) * (k.change - change), 0) / squares;
  if (slope < 0) return { cap: watts - change / slope, slope };
  return { cap: highest, slope: watts > highest ? change / (watts - highest) : 0 };
}
