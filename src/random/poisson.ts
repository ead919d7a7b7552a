/** The number of events of a Poisson distribution at a uniform draw: the smallest k with P(K ≤ k) > u. @param mean up to some hundreds */
export function poissonQuantile(mean: number, u: number): number {
  let k = 0;
  let probability = Math.exp(-mean);
  for (let below = probability; below <= u && probability > 0; below += probability) probability *= mean / ++k;
  return k;
}
