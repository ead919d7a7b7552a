/**
 * Growth of the epoch time, E/E₀, when the number of active inferences changes from moment to moment:
 *
 *   E/E₀ = 1 / Σₙ P(n) / s_T(n)
 *
 * While n inferences are active the retraining job progresses at rate 1/s_T(n); the mean rate is what counts, so the
 * slowdowns combine as a harmonic mean, weighted by the share of time. This turns slowdowns that were measured with
 * every neighbour always busy into the growth under an open request stream, whose neighbours are mostly idle.
 * Source: renewal-reward argument on a rate that depends on the state; s_T as in the contention models.
 *
 * @param shares `shares[n]` is the share of time during which exactly n inferences are active; they sum to 1
 * @param slowdown s_T(n) ≥ 0 exclusive: co-run epoch time over solo epoch time with n inferences always active
 * @throws RangeError if the shares are negative or do not sum to 1, or a slowdown is not positive
 */
export function epochGrowth(shares: readonly number[], slowdown: (n: number) => number): number {
  let sum = 0;
  let rate = 0;
  for (let n = 0; n < shares.length; n++) {
    if (!(shares[n] >= 0)) throw new RangeError(`the share of time with ${n} active is ${shares[n]}, must be 0 or more`);
    if (shares[n] === 0) continue;
    const s = slowdown(n);
    if (!(s > 0)) throw new RangeError(`the slowdown beside ${n} is ${s}, must be above 0`);
    sum += shares[n];
    rate += shares[n] / s;
  }
  if (!(Math.abs(sum - 1) <= 1e-6)) throw new RangeError(`the shares of time sum to ${sum}, must sum to 1`);
  return 1 / rate;
}
