import type { NamedProfile } from '../../../src/scenario/scenario.js';

/** Slowdowns of n inferences that run at once, from 1, as measured on a GPU. Beyond 4 the table goes on along its last chord. */
export const measuredSlowdown = [1, 1.43, 1.99, 2.69];

export const slowdownAt = (n: number): number => (n <= 4 ? measuredSlowdown[n - 1] : 2.69 + (n - 4) * (2.69 - 1.99));

export const contention: NamedProfile['contention'] = { model: 'table', inference: { jobs: [1, 2, 3, 4], slowdown: measuredSlowdown } };

/**
 * Distribution of the number in a processor-sharing station whose total rate depends on the number n that share it:
 * π(n) ∝ Πⱼ λ E[S] / φ(j) for j = 1 … n, φ(j) = j / s(j), with arrivals turned away at `room`. It depends on the service
 * distribution through its mean alone. Source: Kelly, Reversibility and Stochastic Networks, 1979, chapter 3.
 *
 * @param a λ E[S]
 */
export function stationaryShares(a: number, slowdown: (n: number) => number, room: number): number[] {
  const weight = [1];
  for (let n = 1; n <= room; n++) weight.push((weight[n - 1] * a * slowdown(n)) / n);
  const total = weight.reduce((x, y) => x + y, 0);
  return weight.map((w) => w / total);
}

export const meanOf = (shares: readonly number[]): number => shares.reduce((sum, share, n) => sum + n * share, 0);
