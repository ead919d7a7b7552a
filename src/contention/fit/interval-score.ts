/**
 * Interval score of a central interval: its width, plus 2 / α times how far the observation lies outside. Smaller is better; wide
 * intervals and missed observations both cost. Proper: nobody gains by stating another interval than the one believed.
 *
 * Source: Gneiting and Raftery, J. Am. Stat. Assoc. 102(477), 2007, equation 43.
 *
 * @param level of the interval, such as 0.95
 * @returns in the unit of the observation
 */
export function intervalScore(observed: number, [low, high]: readonly [number, number], level = 0.95): number {
  const alpha = 1 - level;
  return high - low + (2 / alpha) * (Math.max(0, low - observed) + Math.max(0, observed - high));
}
