import { levenbergMarquardt } from 'ml-levenberg-marquardt';
import { Matrix, SingularValueDecomposition, solve } from 'ml-matrix';
import { baselines } from './baseline.js';
import type { FitPoint, FittableModel, FittedModel } from './fittable.js';
import type { Situation } from './situation.js';

export interface ParameterSpec {
  name: string;
  least: number;
  most: number;
  /** One or several values to begin with; every combination of positions is not tried, only the k-th of each together. */
  starts: readonly number[];
  /** What must be measured so that it can be told. */
  needs: string;
}

/** Values of the parameters by name. Undefined where the parameter does not exist. */
export type Values = (name: string) => number | undefined;

export interface ParametricModel extends Omit<FittableModel, 'fit'> {
  /** The parameters that these situations call for. */
  parameters(situations: readonly Situation[]): ParameterSpec[];
  /** Duration over the duration alone, or undefined if a parameter that it takes does not exist. Must be 1 without neighbours. */
  slowdown(situation: Situation, at: Values): number | undefined;
  /** Share of time in which the accelerator is busy, if the model says so; it is then fitted jointly. */
  utilisation?(situation: Situation, at: Values): number | undefined;
}

/** Error that is always allowed to a measured share of busy time, which is sampled and rounded. */
const BUSY_SE = 0.02;
/** Relative to the largest singular value, below which a direction of the parameters changes nothing. */
const RANK_TOLERANCE = 1e-5;
const STEP = 1e-5;
/** The library has no other end; a fit that begins from that to nearly the same points needs few. */
const FIRST_ROUNDS = 60;
const AGAIN_ROUNDS = 12;

/**
 * Makes a parametric law fittable: least squares of the logarithms of the medians, each over its standard error, by Levenberg and
 * Marquardt within bounds, with the times alone projected out. It refuses parameters that the Jacobian's rank says cannot be told.
 */
export function parametric(model: ParametricModel): FittableModel {
  const { name, about, formula, source } = model;
  return {
    name,
    about,
    formula,
    source,
    fit(points, from) {
      const specs = model.parameters(points.map((p) => p.situation));
      const problem = new Problem(model, specs, points);
      const most = Math.max(1, ...specs.map((s) => s.starts.length));
      const starts = from ? [specs.map((s) => from.parameters[s.name] ?? s.starts[0])] : Array.from({ length: most }, (_, k) => specs.map((s) => s.starts[Math.min(k, s.starts.length - 1)]));
      let best: { theta: number[]; error: number } | undefined;
      for (const start of starts) {
        const found = problem.minimise(start, from === undefined ? FIRST_ROUNDS : AGAIN_ROUNDS);
        if (Number.isFinite(found.error) && (best === undefined || found.error < best.error)) best = found;
      }
      if (best === undefined) return { needs: 'needs durations that it can follow: no start led to finite errors' };
      const unknown = problem.unidentified(best.theta);
      if (unknown !== undefined) return { needs: unknown.needs };
      return problem.fitted(best.theta, points.map((p) => p.logMs));
    },
  };
}

class Problem {
  private readonly model: ParametricModel;
  private readonly specs: readonly ParameterSpec[];
  private readonly points: readonly FitPoint[];
  private readonly busy: readonly number[];
  private readonly index: Map<string, number>;
  /** Number of each point's base, and the sum of 1 / se² over the points of a base. */
  private readonly base: Int32Array;
  private readonly baseWeight: Float64Array;

  constructor(model: ParametricModel, specs: readonly ParameterSpec[], points: readonly FitPoint[]) {
    this.model = model;
    this.specs = specs;
    this.points = points;
    this.busy = model.utilisation === undefined ? [] : points.flatMap((p, i) => (p.readings?.accelerator_busy === undefined ? [] : [i]));
    this.index = new Map(specs.map((s, i) => [s.name, i]));
    const bases = [...new Set(points.map((p) => p.situation.base))];
    this.base = Int32Array.from(points, (p) => bases.indexOf(p.situation.base));
    this.baseWeight = new Float64Array(bases.length);
    points.forEach((p, i) => (this.baseWeight[this.base[i]] += 1 / (p.se * p.se)));
  }

  private values(theta: readonly number[]): Values {
    return (name) => {
      const i = this.index.get(name);
      return i === undefined ? undefined : theta[i];
    };
  }

  /** Residuals over their standard errors, predicted minus observed. */
  residuals(theta: readonly number[], logMs: ArrayLike<number>): Float64Array {
    const { model, points, busy } = this;
    const at = this.values(theta);
    const out = new Float64Array(points.length + busy.length);
    // As `baselines`, without its map: this is asked thousands of times.
    const sums = new Float64Array(this.baseWeight.length);
    for (let i = 0; i < points.length; i++) {
      const s = model.slowdown(points[i].situation, at);
      out[i] = (s !== undefined && s > 0 ? Math.log(s) : NaN) - logMs[i];
      sums[this.base[i]] -= out[i] / (points[i].se * points[i].se);
    }
    for (let i = 0; i < points.length; i++) out[i] = (sums[this.base[i]] / this.baseWeight[this.base[i]] + out[i]) / points[i].se;
    busy.forEach((i, k) => {
      // A class that never had neighbours has no demand to be told.
      const predicted = model.utilisation!(points[i].situation, at);
      out[points.length + k] = predicted === undefined ? 0 : (predicted - points[i].readings!.accelerator_busy!) / BUSY_SE;
    });
    return out;
  }

  minimise(start: readonly number[], rounds: number): { theta: number[]; error: number } {
    const { specs, points } = this;
    const logMs = points.map((p) => p.logMs);
    const error = (theta: readonly number[]): number => this.residuals(theta, logMs).reduce((sum, r) => sum + r * r, 0);
    if (specs.length === 0) return { theta: [], error: error([]) };
    // The library refuses fewer than three; those that are made up are always met.
    const count = Math.max(3, points.length + this.busy.length);
    // In units of the width of the bounds, since the damping of the library is the same for all parameters.
    const width = specs.map((s) => s.most - s.least);
    // The library's differences step over the bounds, where a law may not exist.
    const real = (u: readonly number[]): number[] => u.map((v, i) => Math.min(specs[i].most, Math.max(specs[i].least, specs[i].least + v * width[i])));
    const found = levenbergMarquardt(
      { x: Float64Array.from({ length: count }, (_, i) => i), y: new Float64Array(count) },
      (u) => {
        const r = this.residuals(real(u), logMs);
        return (i) => r[i] ?? 0;
      },
      {
        initialValues: start.map((v, i) => (v - specs[i].least) / width[i]),
        minValues: specs.map(() => 0),
        maxValues: specs.map(() => 1),
        damping: 1,
        gradientDifference: specs.map(() => STEP),
        centralDifference: true,
        maxIterations: rounds,
        errorTolerance: 1e-10,
      },
    );
    const theta = real(found.parameterValues);
    return { theta, error: error(theta) };
  }

  /** Derivatives of the residuals, one row per residual, one column per parameter in units of its bounds. */
  private jacobian(theta: readonly number[], logMs: ArrayLike<number>): Matrix {
    const { specs } = this;
    const columns = specs.map((s, j) => {
      const width = s.most - s.least;
      const moved = (by: number): number[] => theta.map((v, i) => (i === j ? Math.min(s.most, Math.max(s.least, v + by * width)) : v));
      const [low, high] = [moved(-STEP), moved(STEP)];
      const [a, b] = [this.residuals(low, logMs), this.residuals(high, logMs)];
      return Array.from(a, (v, i) => ((b[i] - v) / (high[j] - low[j])) * width);
    });
    return new Matrix(columns).transpose();
  }

  /** The parameter that matters most in a direction that changes nothing, or undefined if all can be told. */
  unidentified(theta: readonly number[]): ParameterSpec | undefined {
    const { specs, points } = this;
    if (specs.length === 0) return undefined;
    const jacobian = this.jacobian(theta, points.map((p) => p.logMs));
    // A parameter that nothing depends on at its bound (0 of something) is told: it is at the bound.
    const svd = new SingularValueDecomposition(jacobian, { autoTranspose: true });
    const values = svd.diagonal;
    const last = values.length - 1;
    const directions = svd.rightSingularVectors;
    if (values.length === specs.length && values[last] > RANK_TOLERANCE * values[0]) return undefined;
    let column: number[];
    if (values.length < specs.length) {
      // Fewer points than parameters: the least determined direction is what is orthogonal to all rows.
      const normal = jacobian.transpose().mmul(jacobian);
      column = new SingularValueDecomposition(normal).rightSingularVectors.getColumn(specs.length - 1);
    } else column = directions.getColumn(last);
    let at = 0;
    column.forEach((v, i) => {
      if (Math.abs(v) > Math.abs(column[at]) + 1e-9) at = i;
    });
    return specs[at];
  }

  fitted(theta: readonly number[], logMs: ArrayLike<number>): FittedModel {
    const { model, specs, points } = this;
    const at = this.values(theta);
    const logSlowdown = (s: Situation): number | undefined => {
      const value = model.slowdown(s, at);
      return value !== undefined && value > 0 ? Math.log(value) : undefined;
    };
    const base = baselines(points, logMs, (i) => logSlowdown(points[i].situation) ?? NaN);
    let operator: { jacobian: Matrix; normal: Matrix } | undefined;
    return {
      parameters: Object.fromEntries(specs.map((s, i) => [s.name, theta[i]])),
      logSlowdown,
      logMs(s) {
        const alone = base.get(s.base);
        const slow = logSlowdown(s);
        return alone === undefined || slow === undefined ? undefined : alone + slow;
      },
      // One step of Gauss and Newton from the optimum: the draws are near it.
      redrawn: (drawn) => {
        if (specs.length === 0) return this.fitted(theta, drawn);
        if (operator === undefined) {
          const jacobian = this.jacobian(theta, logMs);
          const normal = jacobian.transpose().mmul(jacobian);
          const floor = 1e-9 * Math.max(...normal.diag());
          for (let i = 0; i < specs.length; i++) normal.set(i, i, normal.get(i, i) + floor);
          operator = { jacobian, normal };
        }
        const [before, after] = [this.residuals(theta, logMs), this.residuals(theta, drawn)];
        const change = Matrix.columnVector(Array.from(after, (v, i) => v - before[i]));
        const step = solve(operator.normal, operator.jacobian.transpose().mmul(change));
        const moved = theta.map((v, i) => Math.min(specs[i].most, Math.max(specs[i].least, v - step.get(i, 0) * (specs[i].most - specs[i].least))));
        return this.fitted(moved, drawn);
      },
    };
  }
}
