import { Matrix, solve } from 'ml-matrix';
import type { FitPoint, FittableModel, FittedModel } from '../fittable.js';
import type { Situation } from '../situation.js';

/** Penalties that are tried, in units of one observation's weight. */
const PENALTIES = [1e-4, 1e-3, 1e-2, 0.1, 1];

/** Features of a situation by name: zero without neighbours. */
function features(s: Situation): Map<string, number> {
  const { observed, inferenceNeighbours: k, neighbours } = s;
  const out = new Map<string, number>();
  if (k > 0) {
    out.set(`${observed}: n`, k / 4);
    out.set(`${observed}: log n`, Math.log(1 + k));
  }
  for (const n of neighbours) {
    if (n.class.startsWith('inference:')) continue;
    out.set(`${observed}: ${n.class}`, n.count);
    if (k > 0) out.set(`${observed}: ${n.class} x n`, (n.count * k) / 4);
  }
  return out;
}

/** Ridge regression with free intercepts, prepared so that new medians at the same points cost little. */
class Ridge {
  private readonly names: string[];
  private readonly bases: string[];
  private readonly points: readonly FitPoint[];
  private readonly rows: Matrix;
  private readonly penalty: number;

  constructor(points: readonly FitPoint[], penalty?: number) {
    this.points = points;
    const all = points.map((p) => features(p.situation));
    this.names = [...new Set(all.flatMap((f) => [...f.keys()]))];
    this.bases = [...new Set(points.map((p) => p.situation.base))];
    this.rows = new Matrix(points.map((p, i) => [...this.bases.map((b) => Number(b === p.situation.base)), ...this.names.map((n) => all[i].get(n) ?? 0)]));
    this.penalty = penalty ?? this.bestPenalty();
  }

  private weights(): number[] {
    const raw = this.points.map((p) => 1 / (p.se * p.se));
    const mean = raw.reduce((a, b) => a + b, 0) / raw.length;
    return raw.map((w) => w / mean);
  }

  private weighted(): Matrix {
    const weights = this.weights();
    return new Matrix(this.rows.to2DArray().map((row, i) => row.map((v) => v * weights[i])));
  }

  private normal(penalty: number): Matrix {
    const normal = this.rows.transpose().mmul(this.weighted());
    for (let j = 0; j < normal.rows; j++) normal.set(j, j, normal.get(j, j) + (j < this.bases.length ? 1e-9 : penalty));
    return normal;
  }

  /** The penalty with the smallest error when one point is left out, from the hat matrix. */
  private bestPenalty(): number {
    const y = this.points.map((p) => p.logMs);
    let best = { penalty: PENALTIES[0], error: Infinity };
    for (const penalty of PENALTIES) {
      const weighted = this.weighted();
      const inverse = solve(this.normal(penalty), weighted.transpose());
      const hat = this.rows.mmul(inverse);
      const fitted = hat.mmul(Matrix.columnVector(y));
      let error = 0;
      for (let i = 0; i < y.length; i++) {
        const left = 1 - hat.get(i, i);
        if (left > 1e-6) error += ((y[i] - fitted.get(i, 0)) / left) ** 2;
      }
      if (error < best.error) best = { penalty, error };
    }
    return best.penalty;
  }

  fitted(logMs: ArrayLike<number>): FittedModel {
    const right = this.weighted().transpose().mmul(Matrix.columnVector(Array.from(logMs)));
    const solution = solve(this.normal(this.penalty), right).to1DArray();
    const value = new Map([...this.bases, ...this.names].map((name, i) => [name, solution[i]]));
    const logSlowdown = (s: Situation): number | undefined => {
      let sum = 0;
      for (const [name, x] of features(s)) {
        const v = value.get(name);
        // A product that was never seen is taken for none; a class that was never seen is not known.
        if (v === undefined && !name.endsWith(' x n')) return undefined;
        sum += (v ?? 0) * x;
      }
      return sum;
    };
    return {
      parameters: Object.fromEntries(this.names.map((name) => [name, value.get(name)!])),
      logSlowdown,
      logMs: (s) => {
        const alone = value.get(s.base);
        const slow = logSlowdown(s);
        return alone === undefined || slow === undefined ? undefined : alone + slow;
      },
      redrawn: (drawn) => this.fitted(drawn),
    };
  }
}

const model: FittableModel = {
  name: 'regression',
  about: 'A small regression that is learned: the logarithm of the duration is linear in n, log n, other neighbours, and their products with n; a penalty, chosen by leaving points out, keeps it small.',
  formula: 'log s = β₁ (n − 1) + β₂ log n + Σ_j (γ_j + δ_j (n − 1)) n_j',
  source: 'Ridge regression, Hoerl and Kennard, Technometrics 12(1), 1970; the features are an assumption.',
  fit(points) {
    const ridge = new Ridge(points);
    return ridge.fitted(points.map((p) => p.logMs));
  },
};

export default model;
