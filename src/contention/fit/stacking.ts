import { Matrix, solve } from 'ml-matrix';

/** More candidates than this would be 2^n subsets too many. */
const MOST = 10;

/**
 * Weights that are not negative, sum to one, and make the weighted mean of the candidates' errors smallest in squares. Exact: on
 * every subset of candidates the problem with the sum alone is linear, and the best of those without negative weights is the answer.
 *
 * Source: stacking, Wolpert (1992) and Breiman (1996).
 *
 * @param errors by residual, then by candidate; at most 10 candidates
 * @param importance of each residual
 */
export function stackingWeights(errors: readonly (readonly number[])[], importance: readonly number[]): number[] {
  const count = errors[0]?.length ?? 0;
  if (count > MOST) throw new RangeError(`at most ${MOST} candidates, not ${count}`);
  const gram = Array.from({ length: count }, (_, a) => Array.from({ length: count }, (_, b) => errors.reduce((sum, e, i) => sum + importance[i] * e[a] * e[b], 0)));
  const scale = Math.max(1e-12, ...gram.map((row, i) => row[i]));
  // Candidates that predict the same share their weight instead of leaving it open.
  const ridge = 1e-9 * scale;
  let best = { weights: [] as number[], loss: Infinity };
  for (let subset = 1; subset < 1 << count; subset++) {
    const members = Array.from({ length: count }, (_, i) => i).filter((i) => (subset >> i) & 1);
    const m = members.length;
    const system = new Matrix(m + 1, m + 1);
    members.forEach((a, i) => {
      members.forEach((b, j) => system.set(i, j, gram[a][b] + (i === j ? ridge : 0)));
      system.set(i, m, scale);
      system.set(m, i, 1);
    });
    const right = Matrix.zeros(m + 1, 1);
    right.set(m, 0, 1);
    const solution = solve(system, right, true).to1DArray().slice(0, m);
    if (solution.some((w) => !(w >= -1e-9))) continue;
    const loss = members.reduce((sum, a, i) => sum + members.reduce((s, b, j) => s + solution[i] * solution[j] * (gram[a][b] + (i === j ? ridge : 0)), 0), 0);
    if (loss < best.loss * (1 - 1e-9)) {
      const weights = new Array<number>(count).fill(0);
      members.forEach((a, i) => (weights[a] = Math.max(0, solution[i])));
      const sum = weights.reduce((a, b) => a + b, 0);
      best = { weights: weights.map((w) => w / sum), loss };
    }
  }
  return best.weights;
}
