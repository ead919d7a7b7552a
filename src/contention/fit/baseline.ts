import type { FitPoint } from './fittable.js';

/**
 * Times alone that fit given slowdowns best: by base, the mean of logMs − log slowdown, weighted with 1 / se². All groups of a
 * base take part, not only the one that was measured alone (variable projection, Golub and Pereyra, 1973).
 */
export function baselines(points: readonly FitPoint[], logMs: ArrayLike<number>, logSlowdown: (index: number) => number): Map<string, number> {
  const sums = new Map<string, { weight: number; sum: number }>();
  for (let i = 0; i < points.length; i++) {
    const { situation, se } = points[i];
    const weight = 1 / (se * se);
    const at = sums.get(situation.base) ?? { weight: 0, sum: 0 };
    at.weight += weight;
    at.sum += weight * (logMs[i] - logSlowdown(i));
    sums.set(situation.base, at);
  }
  return new Map([...sums].map(([base, { weight, sum }]) => [base, sum / weight]));
}
