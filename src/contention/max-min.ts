/**
 * Rates under max-min fairness: no rate can be raised without lowering one that is as low or lower.
 *
 *   Σᵢ nᵢ dᵢᵣ xᵢ ≤ Cᵣ for every resource r,  xᵢ ≤ capᵢ
 *
 * Progressive filling, which is exact: all rates rise together; where a resource is used up those that need it stay, where a
 * cap is reached that one stays, and the others go on.
 * Source: Bertsekas and Gallager, Data Networks, 2nd ed. 1992, section 6.5.2.
 *
 * @param counts nᵢ ≥ 0: how many of each kind there are; all of one kind get the same rate
 * @param demand `demand[i][r]` ≥ 0: what one of kind i takes of resource r at rate 1
 * @param capacity Cᵣ > 0
 * @param cap the highest rate of each kind, above 0 and finite
 * @returns the rate of each kind; 0 for kinds of which there are none
 * @throws RangeError if a capacity or cap is not positive, or a demand is negative
 */
export function maxMinRates(counts: ArrayLike<number>, demand: readonly (readonly number[])[], capacity: readonly number[], cap: readonly number[]): Float64Array {
  for (let r = 0; r < capacity.length; r++) if (!(capacity[r] > 0)) throw new RangeError(`capacity ${r} is ${capacity[r]}, must be above 0`);
  for (let i = 0; i < demand.length; i++) {
    if (!(cap[i] > 0 && cap[i] < Infinity)) throw new RangeError(`cap ${i} is ${cap[i]}, must be above 0 and finite`);
    for (let r = 0; r < capacity.length; r++) if (!(demand[i][r] >= 0)) throw new RangeError(`demand ${i}, ${r} is ${demand[i][r]}, must be 0 or more`);
  }

  const rate = new Float64Array(demand.length);
  const rising = new Set<number>();
  for (let i = 0; i < demand.length; i++) if (counts[i] > 0) rising.add(i);
  const left = [...capacity];
  let level = 0;
  while (rising.size > 0) {
    let next = Infinity;
    for (const i of rising) next = Math.min(next, cap[i]);
    const limit = capacity.map((_, r) => {
      let needed = 0;
      for (const i of rising) needed += counts[i] * demand[i][r];
      return needed > 0 ? left[r] / needed : Infinity;
    });
    for (const at of limit) next = Math.min(next, at);
    // Rounding must not take back what was given.
    level = Math.max(level, next);
    for (const i of [...rising]) {
      const full = demand[i].some((d, r) => d > 0 && limit[r] <= level);
      if (cap[i] > level && !full) continue;
      rate[i] = Math.min(level, cap[i]);
      rising.delete(i);
      for (let r = 0; r < capacity.length; r++) left[r] = Math.max(0, left[r] - counts[i] * demand[i][r] * rate[i]);
    }
  }
  return rate;
}
