/**
 * Least squares within bounds by Levenberg and Marquardt, with differences for derivatives. For a handful of parameters.
 *
 * @param residuals from parameters to a list of residuals
 * @returns the parameters
 */
export function leastSquares(residuals, { start, least, most, rounds = 200 }) {
  const inside = (parameters) => parameters.map((value, i) => Math.min(most[i], Math.max(least[i], value)));
  const sum = (list) => list.reduce((total, r) => total + r * r, 0);
  let at = inside(start);
  let now = residuals(at);
  let damping = 1e-2;
  for (let round = 0; round < rounds; round++) {
    const columns = at.map((value, i) => {
      const step = 1e-5 * Math.max(1e-3, Math.abs(value)) * (value + 1e-5 > most[i] ? -1 : 1);
      const moved = residuals(at.map((v, j) => (j === i ? v + step : v)));
      return moved.map((r, k) => (r - now[k]) / step);
    });
    const normal = columns.map((a) => columns.map((b) => a.reduce((total, v, k) => total + v * b[k], 0)));
    const gradient = columns.map((a) => a.reduce((total, v, k) => total + v * now[k], 0));
    const damped = normal.map((row, i) => row.map((v, j) => (i === j ? v * (1 + damping) + 1e-12 : v)));
    const next = inside(at.map((value, i) => value - solve(damped, gradient)[i]));
    const then = residuals(next);
    if (sum(then) < sum(now)) {
      if (sum(now) - sum(then) < 1e-12 * sum(now)) return next;
      [at, now] = [next, then];
      damping /= 3;
    } else damping *= 4;
    if (damping > 1e12) break;
  }
  return at;
}

/** Gauss elimination with pivots. */
function solve(matrix, right) {
  const rows = matrix.map((row, i) => [...row, right[i]]);
  const n = rows.length;
  for (let c = 0; c < n; c++) {
    const pivot = rows.slice(c).reduce((best, row, k) => (Math.abs(row[c]) > Math.abs(rows[best][c]) ? c + k : best), c);
    [rows[c], rows[pivot]] = [rows[pivot], rows[c]];
    for (let r = c + 1; r < n; r++) {
      const factor = rows[r][c] / rows[c][c];
      for (let k = c; k <= n; k++) rows[r][k] -= factor * rows[c][k];
    }
  }
  const x = new Array(n).fill(0);
  for (let r = n - 1; r >= 0; r--) x[r] = (rows[r][n] - rows[r].slice(r + 1, n).reduce((s, v, k) => s + v * x[r + 1 + k], 0)) / rows[r][r];
  return x;
}
