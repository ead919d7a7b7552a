import type { ContentionFit } from './fit.js';
import { isSolo, LOADING, type ObservedGroup } from './group.js';
import { median } from './medians.js';

/** Rows that a group needs, and by how much neighbours must slow it, so that it tells anything. */
const FEWEST_ROWS = 30;
const LEAST_SLOWDOWN = 1.05;
/** A row that takes longer than this share of the rows alone has been interrupted. */
const UNDISTURBED = 0.95;

/**
 * The length of the stretches in which processes take turns, ms: those of the operating system's scheduler where more processes than
 * processors want to compute. A unit of work W (alone) that neighbours slow by s then runs at full speed or not at all; it is interrupted K times for
 * a stretch q each, where K is Poisson with mean (s − 1) W / q, so that
 *
 *   E T = s W,  Var T = s² Var W + (s − 1) W q,  P(K = 0) = exp(−(s − 1) W / q)
 *
 * Each group with neighbours gives q by the share of rows that ran undisturbed, and by the variance. A single stall enlarges the second, and a slowdown
 * that all rows share (of a memory bus, say) the first, so the lesser of the two counts. Groups are weighed by (s − 1) W.
 *
 * Only a fit to blocks has it: in that of rows s is the median of rows, which does not know of turns.
 *
 * @returns undefined where too little was measured, or neighbours slow nothing
 */
export function turnMs({ groups, points, blockMs }: Pick<ContentionFit, 'groups' | 'points' | 'blockMs'>): number | undefined {
  if (blockMs === undefined) return undefined;
  const singles = groups.filter((g) => g.workload === 'inference' && g.mode !== 'open' && g.phase !== LOADING && (g.units ?? 1) === 1 && g.n >= FEWEST_ROWS);
  let [sum, weights] = [0, 0];
  for (const group of singles) {
    const alone = singles.find((g) => isSolo(g) && g.model === group.model && g.batch === group.batch && g.sharePercent === group.sharePercent);
    const logOf = (g: ObservedGroup): number | undefined => points.find(({ key }) => 'name' in key && key.name === g.name)?.logMs;
    const [its, solo] = [logOf(group), alone && logOf(alone)];
    if (isSolo(group) || its === undefined || solo === undefined) continue;
    const slowdown = Math.exp(its - solo);
    if (slowdown < LEAST_SLOWDOWN) continue;
    const [own, undisturbed] = [rowsOf(group), rowsOf(alone!).sort()];
    const work = median(undisturbed);
    const addedMs = (slowdown - 1) * work;
    const longest = undisturbed[Math.floor(UNDISTURBED * undisturbed.length)];
    const share = Math.max(0.5, own.filter((ms) => ms <= longest).length) / own.length / UNDISTURBED;
    const byShare = share < 1 ? addedMs / -Math.log(share) : Infinity;
    const byVariance = Math.max(0, varianceOf(own) - slowdown * slowdown * varianceOf(undisturbed)) / addedMs;
    sum += addedMs * Math.min(byShare, byVariance);
    weights += addedMs;
  }
  return sum > 0 ? sum / weights : undefined;
}

const rowsOf = ({ clusters }: ObservedGroup): Float64Array => Float64Array.from(clusters.flatMap(({ keptMs }) => [...keptMs]));

function varianceOf(values: Float64Array): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
}
