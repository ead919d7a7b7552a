import { poissonQuantile } from '../random/poisson.js';

/**
 * Where processes take turns, work W that is slowed by s takes W and K stretches of q, K Poisson with mean (s − 1) W / q, instead of s W.
 *
 * @param u uniform draw
 * @returns that, over s W: a factor with mean 1 on the work, which then goes on at the rate of the moment as other work does
 */
export function turnsFactor(workMs: number, slowdown: number, turnMs: number, u: number): number {
  if (slowdown <= 1 || workMs === 0) return 1;
  const interruptions = poissonQuantile(((slowdown - 1) * workMs) / turnMs, u);
  return (workMs + interruptions * turnMs) / (slowdown * workMs);
}
