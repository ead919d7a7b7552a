/**
 * Holm's step-down adjustment: each adjusted p-value, compared with α, keeps the chance of any false rejection among them
 * at or below α, whatever their dependence.
 *
 * Source: S. Holm, A simple sequentially rejective multiple test procedure, Scand. J. Statist. 6, 1979.
 *
 * @returns the adjusted values, in the order given
 * @throws RangeError if a value is not a probability
 */
export function holm(pValues: readonly number[]): number[] {
  for (const p of pValues) if (!(p >= 0 && p <= 1)) throw new RangeError(`a p-value is between 0 and 1, not ${p}`);
  const ascending = pValues.map((_, i) => i).sort((i, j) => pValues[i] - pValues[j]);
  const adjusted = new Array<number>(pValues.length);
  let atLeast = 0;
  ascending.forEach((index, rank) => {
    atLeast = Math.max(atLeast, Math.min(1, pValues[index] * (pValues.length - rank)));
    adjusted[index] = atLeast;
  });
  return adjusted;
}
