/**
 * Accuracy of weights on fresh data after `epochs` epochs: the gap to the ceiling halves every `halfGapEpochs`.
 *
 * @param from accuracy, on that same data, of the weights that training went out from
 */
export function trainedAccuracy(from: number, ceiling: number, epochs: number, halfGapEpochs: number): number {
  return ceiling - (ceiling - from) * Math.exp((-Math.LN2 * epochs) / halfGapEpochs);
}

/** Accuracy once only the share `match` of what the weights knew above the floor still holds. */
export function driftedAccuracy(fresh: number, floor: number, match: number): number {
  return floor + (fresh - floor) * match;
}

/** Standard error of a share p seen in n independent labels: √(p(1 − p)/n). Infinity without a label. */
export function standardErrorOf(p: number, n: number): number {
  return n === 0 ? Infinity : Math.sqrt((p * (1 - p)) / n);
}
