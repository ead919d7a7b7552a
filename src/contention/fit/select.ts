import { crossValidate, mape, type CrossValidation, type GroupPoint, type LeftOut } from './cross-validation.js';
import { discrepancyOf, type Discrepancy } from './discrepancy.js';
import { isFitted, type FittableModel, type FittedModel } from './fittable.js';
import { stackingWeights } from './stacking.js';
import { breaksUtilisationLaw } from './utilisation-law.js';

export interface Errors {
  mape: number;
  /** 1 − error / error of the nearest measured group on the same groups; undefined if that one is exact. */
  skill?: number;
  /** Groups that were predicted, and that the model had no answer for. */
  n: number;
  unanswered: number;
}

export interface Candidate {
  name: string;
  role: 'candidate' | 'naive';
  weight: number;
  fitted?: FittedModel;
  /** What the data lack for it. */
  needs?: string;
  /** Why it was not considered though it could be fitted. */
  rejected?: string;
  leaveOneOut?: Errors;
  extrapolation?: Errors;
  /** Mean of the two. */
  crossValidation?: Errors;
  discrepancy: Discrepancy;
  /** Whether its errors cannot be told from the best one's: it might be the truth, and where it says something else nobody knows better. */
  plausible?: boolean;
}

export interface Selection {
  candidates: Candidate[];
  /** Of what was selected: the combination's own, or the single candidate's. */
  combined: Pick<Candidate, 'leaveOneOut' | 'extrapolation' | 'crossValidation' | 'discrepancy'>;
  /** Groups that cross-validation could ask for. */
  checked: number;
}

/** A combination has to be better by this than the best candidate alone, when its weights are found without the group that is asked for. */
const WORTH = 0.95;
/** With fewer groups per candidate than this, estimated weights would be guesses. */
const GROUPS_PER_WEIGHT = 2;
/** Standard errors by which a candidate's squared errors must be larger to be told from the best one's; and the largest ratio of root mean squares that is ever taken for the same. */
const TOLD_APART = 2;
const NEVER_THE_SAME = 3;

/** Name of the naive prediction from the nearest measured group. */
export const NEAREST = 'nearest measured group';

/** Fits all models, scores them on groups that they did not see, and weighs them. @param models from the simplest to the least simple */
export function select(models: readonly FittableModel[], points: readonly GroupPoint[], onFit?: () => void): Selection {
  const outcomes = models.map((m) => m.fit(points));
  const whole = outcomes.map((o) => (isFitted(o) ? o : undefined));
  const cv = crossValidate(models, whole, points, onFit);
  const of = (k: number) => (l: LeftOut) => l.predicted[k];
  const candidates = models.map((m, k): Candidate => {
    const outcome = outcomes[k];
    const discrepancy = discrepancyFrom(cv, points, of(k));
    const base = { name: m.name, role: m.name === 'none' ? ('naive' as const) : ('candidate' as const), weight: 0, discrepancy };
    if (!isFitted(outcome)) return { ...base, needs: outcome.needs };
    return { ...base, fitted: outcome, rejected: breaksUtilisationLaw(outcome, points), ...scores(cv, points, of(k)) };
  });
  candidates.push({ name: NEAREST, role: 'naive', weight: 0, discrepancy: discrepancyFrom(cv, points, (l) => l.nearest), ...scores(cv, points, (l) => l.nearest) });

  weigh(candidates, cv, points);
  const weights = candidates.map((c) => c.weight);
  const together = (l: LeftOut): number | undefined => mixed(weights, l);
  return { candidates, combined: { ...scores(cv, points, together), discrepancy: discrepancyFrom(cv, points, together) }, checked: new Set([...cv.leaveOneOut, ...cv.extrapolation].map((l) => l.index)).size };
}

/** What the weighted candidates say; those without an answer leave their weight to the others. */
function mixed(weights: readonly number[], { predicted }: LeftOut): number | undefined {
  let [sum, total] = [0, 0];
  predicted.forEach((p, k) => {
    if (p === undefined || weights[k] === 0) return;
    sum += weights[k] * p;
    total += weights[k];
  });
  return total > 0 ? sum / total : undefined;
}

function errorsOf(left: readonly LeftOut[], points: readonly GroupPoint[], of: (l: LeftOut) => number | undefined): Errors | undefined {
  const answered = left.filter((l) => of(l) !== undefined);
  const own = mape(answered.map((l) => ({ predicted: of(l)!, observed: points[l.index].logMs })));
  if (own === undefined) return undefined;
  const naive = mape(answered.flatMap((l) => (l.nearest === undefined ? [] : [{ predicted: l.nearest, observed: points[l.index].logMs }])));
  return { mape: own, ...(naive === undefined || naive === 0 ? {} : { skill: 1 - own / naive }), n: answered.length, unanswered: left.length - answered.length };
}

function scores(cv: CrossValidation, points: readonly GroupPoint[], of: (l: LeftOut) => number | undefined): Pick<Candidate, 'leaveOneOut' | 'extrapolation' | 'crossValidation'> {
  const leaveOneOut = errorsOf(cv.leaveOneOut, points, of);
  const extrapolation = errorsOf(cv.extrapolation, points, of);
  const both = [leaveOneOut, extrapolation].filter((e) => e !== undefined);
  if (both.length === 0) return {};
  const skills = both.flatMap((e) => e.skill ?? []);
  const crossValidation: Errors = {
    mape: both.reduce((sum, e) => sum + e.mape, 0) / both.length,
    ...(skills.length === 0 ? {} : { skill: skills.reduce((a, b) => a + b, 0) / skills.length }),
    n: both.reduce((sum, e) => sum + e.n, 0),
    unanswered: both.reduce((sum, e) => sum + e.unanswered, 0),
  };
  return { leaveOneOut, extrapolation, crossValidation };
}

function discrepancyFrom(cv: CrossValidation, points: readonly GroupPoint[], of: (l: LeftOut) => number | undefined): Discrepancy {
  return discrepancyOf(
    [...cv.leaveOneOut, ...cv.extrapolation].flatMap((l) => {
      const predicted = of(l);
      return predicted === undefined ? [] : [{ error: predicted - points[l.index].logMs, se: points[l.index].rows, distance: l.distance }];
    }),
  );
}

/** Sets the weights of the candidates. */
function weigh(candidates: Candidate[], cv: CrossValidation, points: readonly GroupPoint[]): void {
  const eligible = candidates.flatMap((c, k) => (c.fitted !== undefined && c.rejected === undefined ? [k] : []));
  if (eligible.length === 0) return;
  const left = [...cv.leaveOneOut.map((l) => ({ l, importance: 1 / cv.leaveOneOut.length })), ...cv.extrapolation.map((l) => ({ l, importance: 1 / cv.extrapolation.length }))];
  // Where a candidate has no answer the nearest measured group stands in: that is what a user would do.
  const rows = left.flatMap(({ l, importance }) => {
    // That neighbours cost nothing can always be said; it is no choice if nothing else has an answer.
    if (eligible.every((k) => l.predicted[k] === undefined || candidates[k].role === 'naive')) return [];
    const errors = eligible.map((k) => (l.predicted[k] ?? l.nearest ?? l.alone ?? NaN) - points[l.index].logMs);
    return errors.some(Number.isNaN) ? [] : [{ errors, importance, index: l.index }];
  });
  const table = candidates.find((c) => c.name === 'table' && c.fitted !== undefined);
  if (rows.length === 0) {
    // Nothing to choose by: what was measured speaks for itself.
    (table ?? candidates[eligible[0]]).weight = 1;
    return;
  }
  const loss = (weights: readonly number[]): number => rows.reduce((sum, r) => sum + r.importance * r.errors.reduce((e, v, i) => e + v * weights[i], 0) ** 2, 0);
  const single = eligible.map((_, i) => loss(eligible.map((__, j) => Number(i === j))));
  const least = Math.min(...single);
  const best = single.indexOf(least);
  const alike = eligible.filter((_, i) => i === best || !toldApart(rows.map((r) => ({ importance: r.importance, difference: r.errors[i] ** 2 - r.errors[best] ** 2 })), single[i], least));
  for (const k of alike) candidates[k].plausible = true;
  const groups = [...new Set(rows.map((r) => r.index))];
  if (groups.length < GROUPS_PER_WEIGHT * eligible.length) {
    // Equal weights are hard to beat where there is little to estimate others from (Smith and Wallis, Oxford Bulletin 71(3), 2009).
    for (const k of alike) candidates[k].weight = 1 / alike.length;
    return;
  }
  candidates[eligible[best]].weight = 1;
  const solveFor = (of: typeof rows): number[] => stackingWeights(of.map((r) => r.errors), of.map((r) => r.importance));
  const parts = Math.min(groups.length, 20);
  let nested = 0;
  for (let part = 0; part < parts; part++) {
    const out = new Set(groups.filter((_, i) => i % parts === part));
    const weights = solveFor(rows.filter((r) => !out.has(r.index)));
    for (const r of rows) if (out.has(r.index)) nested += r.importance * r.errors.reduce((e, v, i) => e + v * weights[i], 0) ** 2;
  }
  if (nested >= WORTH * least) return;
  const weights = solveFor(rows);
  eligible.forEach((k, i) => (candidates[k].weight = weights[i] < 0.01 ? 0 : weights[i]));
  const total = eligible.reduce((sum, k) => sum + candidates[k].weight, 0);
  for (const k of eligible) candidates[k].weight /= total;
}

/** Whether squared errors are larger by more than chance. @param differences to those of the best candidate, residual by residual */
function toldApart(differences: readonly { importance: number; difference: number }[], loss: number, least: number): boolean {
  if (Math.sqrt(loss) > NEVER_THE_SAME * Math.sqrt(least)) return true;
  const total = differences.reduce((sum, d) => sum + d.importance, 0);
  const mean = differences.reduce((sum, d) => sum + d.importance * d.difference, 0) / total;
  const variance = differences.reduce((sum, d) => sum + (d.importance * (d.difference - mean)) ** 2, 0) / (total * total);
  return mean > TOLD_APART * Math.sqrt(variance);
}
