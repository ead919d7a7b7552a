/** One alternative's primary metric, real and simulated, each with the interval within which it is not told from another. */
export interface Ranked {
  name: string;
  real: { value: number; interval: readonly [number, number] };
  predicted: { value: number; interval: readonly [number, number] };
}

/** Does the simulator rank the alternatives as reality does, and what does choosing by it cost? */
export interface Decision {
  metric: string;
  /** Kendall's τ-b, from −1 (reversed) to 1 (the same order); absent where reality or simulation tells no pair apart. */
  kendall_tau?: number;
  /** Pairs of alternatives; those that both tell apart and order alike, and those that they order differently. */
  pairs: number;
  concordant: number;
  discordant: number;
  /** Pairs that are not told apart in reality, and in simulation. */
  tied_real: number;
  tied_predicted: number;
  chosen_by_simulation: string;
  really_best: string;
  /** What is lost by the choice, in the metric's unit; 0 or more. And in percent of the best. */
  regret: number;
  regret_percent?: number;
  /** Whether reality does not tell the chosen one from the best. */
  within_noise: boolean;
}

/**
 * Compares two rankings of the same alternatives. Two are tied where their intervals overlap.
 *
 * τ-b = (C − D) / √((P − ties in reality)(P − ties in simulation)), P pairs in all.
 *
 * Source: M. G. Kendall, The treatment of ties in ranking problems, Biometrika 33(3), 1945.
 *
 * @returns undefined with fewer than two alternatives
 */
export function decisionFidelity(alternatives: readonly Ranked[], metric: string, better: 'lower' | 'higher'): Decision | undefined {
  if (alternatives.length < 2) return undefined;
  const counts = { pairs: 0, concordant: 0, discordant: 0, tied_real: 0, tied_predicted: 0 };
  alternatives.forEach((a, i) => {
    for (const b of alternatives.slice(i + 1)) {
      const real = order(a.real.interval, b.real.interval);
      const predicted = order(a.predicted.interval, b.predicted.interval);
      counts.pairs++;
      if (real === 0) counts.tied_real++;
      if (predicted === 0) counts.tied_predicted++;
      if (real * predicted > 0) counts.concordant++;
      if (real * predicted < 0) counts.discordant++;
    }
  });
  const sign = better === 'lower' ? 1 : -1;
  const best = (value: (one: Ranked) => number): Ranked => alternatives.reduce((a, b) => (sign * value(b) < sign * value(a) ? b : a));
  const chosen = best(({ predicted }) => predicted.value);
  const reallyBest = best(({ real }) => real.value);
  const regret = sign * (chosen.real.value - reallyBest.real.value);
  const told = (counts.pairs - counts.tied_real) * (counts.pairs - counts.tied_predicted);
  return {
    metric,
    ...(told > 0 && { kendall_tau: (counts.concordant - counts.discordant) / Math.sqrt(told) }),
    ...counts,
    chosen_by_simulation: chosen.name,
    really_best: reallyBest.name,
    regret,
    ...(reallyBest.real.value !== 0 && { regret_percent: (100 * regret) / Math.abs(reallyBest.real.value) }),
    within_noise: chosen === reallyBest || order(chosen.real.interval, reallyBest.real.interval) === 0,
  };
}

/** −1 or 1 where one interval lies wholly below or above the other, 0 where they overlap. */
function order([aLow, aHigh]: readonly [number, number], [bLow, bHigh]: readonly [number, number]): number {
  return aHigh < bLow ? -1 : aLow > bHigh ? 1 : 0;
}
