import { criticalT } from '../../statistics/summary.js';

/** How far a model has been off where it could be checked, on the scale of logarithms. */
export interface Discrepancy {
  /** Standard deviation inside of what was measured. */
  inside: number;
  /** What is added beyond it, per unit of log(jobs / most measured jobs). */
  beyond: number;
  /** Residuals that `inside` was estimated from: its degrees of freedom. */
  degrees: number;
  /** Whether nothing could be checked and the values are assumed. */
  assumed: boolean;
}

export interface Residual {
  /** Log of predicted over observed. */
  error: number;
  /** Standard error of the observed one from its rows alone: how processes differ is the same in other groups of the run, and so hardly in the error. */
  se: number;
  distance: number;
}

const NORMAL_95 = 1.959963984540054;
/** Without anything to check on, a model is taken to be off by 5 %, and 10 % where the number of jobs doubles beyond what was measured. */
const ASSUMED: Discrepancy = { inside: 0.05, beyond: 0.15, degrees: Infinity, assumed: true };
const LEAST = 0.003;
/** What is assumed beyond counts as so many groups: those that cross-validation asks for are the same few again and again. */
const PRIOR_GROUPS = 3;

/** By moments: mean squared error of what was left out, minus what is explained by the groups' own standard errors. One residual is spent on choosing the model. */
export function discrepancyOf(residuals: readonly Residual[]): Discrepancy {
  const near = residuals.filter((r) => r.distance === 0);
  const far = residuals.filter((r) => r.distance > 0);
  if (near.length < 2) return ASSUMED;
  const inside = Math.max(LEAST * LEAST, near.reduce((sum, r) => sum + r.error * r.error - r.se * r.se, 0) / (near.length - 1));
  const excess = far.reduce((sum, r) => sum + r.error * r.error - r.se * r.se - inside, 0);
  // The assumption is per unit of squared distance, as are the errors: each pseudo-group lies at twice the measured number of jobs.
  const assumed = PRIOR_GROUPS * Math.LN2 * Math.LN2;
  const beyond = Math.max(0, (excess + assumed * ASSUMED.beyond * ASSUMED.beyond) / (far.reduce((sum, r) => sum + r.distance * r.distance, 0) + assumed));
  return { inside: Math.sqrt(inside), beyond: Math.sqrt(beyond), degrees: near.length, assumed: false };
}

/**
 * Half width of the 95 % interval of the logarithm of the median of a new group. What the model is off by is known from a few residuals,
 * and the rest from many rows, so Student's t has the degrees of freedom of Welch and Satterthwaite (Biometrics Bulletin 2, 1946).
 *
 * @param rest log-scale variance of everything but the discrepancy
 */
export function halfWidth(d: Discrepancy, parameterVariance: number, rest: number, distance: number): number {
  const own = d.inside * d.inside + d.beyond * d.beyond * distance * distance;
  // What was left out was predicted with uncertain parameters, so their variance is in the discrepancy already, unless it is larger here.
  const total = Math.max(own, parameterVariance) + rest;
  const degrees = own === 0 ? Infinity : d.degrees * (total / own) * (total / own);
  return (Number.isFinite(degrees) ? criticalT(degrees + 1, 0.95) : NORMAL_95) * Math.sqrt(total);
}
