import { isSolo, type GroupKey } from './group.js';
import { isFitted, type FitPoint, type FittableModel, type FittedModel } from './fittable.js';
import { nearestLogMs } from './nearest.js';

/** A measured group in a fit. */
export interface GroupPoint extends FitPoint {
  key: GroupKey;
  /** Standard error of `logMs` from the rows alone; `se` has a floor added, since no model is exact. */
  sampling: number;
  /** The part of `sampling` that is due to the scatter of rows, as if all processes were alike. */
  rows: number;
}

/** A group that was left out of a fit, with what a model then said about it. */
export interface LeftOut {
  /** Position among the points. */
  index: number;
  /** 0 inside of what was fitted; beyond it, log of the number of jobs over the largest that was fitted. */
  distance: number;
  /** Log of the duration, by model; undefined where the model could not say. */
  predicted: readonly (number | undefined)[];
  /** Log of the duration of the nearest measured group, and the time alone. */
  nearest: number | undefined;
  alone: number | undefined;
}

export interface CrossValidation {
  leaveOneOut: LeftOut[];
  extrapolation: LeftOut[];
}

/** With more groups than this, several are left out together. */
const MOST_FOLDS = 30;
const MOST_CUTS = 8;
/** A curve needs three numbers of jobs before it can be continued. */
const FEWEST_COUNTS = 3;

/**
 * Fits every model again without some of the groups, and asks it for them:
 *
 * - each co-run group is left out once (in 30 parts, dealt in turn, where there are more groups than that)
 * - groups with more inference jobs than a cut are left out, for every cut with three numbers of jobs below it (at most 8 cuts), and
 *   those up to twice the cut are asked for
 *
 * Groups without neighbours stay in: they calibrate, and do not score.
 *
 * @param whole fits to all points, in the order of the models, to begin from
 */
export function crossValidate(models: readonly FittableModel[], whole: readonly (FittedModel | undefined)[], points: readonly GroupPoint[], onFit: () => void = () => {}): CrossValidation {
  const run = (kept: readonly GroupPoint[], asked: readonly { index: number; distance: number }[]): LeftOut[] => {
    const fits = models.map((model, k) => {
      if (whole[k] === undefined) return undefined;
      const outcome = model.fit(kept, whole[k]);
      onFit();
      return isFitted(outcome) ? outcome : undefined;
    });
    return asked.map(({ index, distance }) => {
      const { situation, key } = points[index];
      return {
        index,
        distance,
        predicted: fits.map((fit) => fit?.logMs(situation)),
        nearest: nearestLogMs(key, kept),
        alone: kept.find((p) => p.situation.base === situation.base && isSolo(p.key))?.logMs,
      };
    });
  };

  const coRun = points.flatMap((p, index) => (isSolo(p.key) ? [] : [index]));
  const folds = Math.min(MOST_FOLDS, coRun.length);
  const leaveOneOut: LeftOut[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const out = coRun.filter((_, i) => i % folds === fold);
    if (out.length === points.length) continue;
    leaveOneOut.push(...run(points.filter((_, i) => !out.includes(i)), out.map((index) => ({ index, distance: 0 }))));
  }

  const counts = [...new Set(points.map((p) => p.key.inferenceJobs))].sort((a, b) => a - b);
  let cuts = counts.slice(FEWEST_COUNTS - 1, -1);
  if (cuts.length > MOST_CUTS) cuts = Array.from({ length: MOST_CUTS }, (_, i) => cuts[Math.floor((i * (cuts.length - 1)) / (MOST_CUTS - 1))]);
  const extrapolation = cuts.flatMap((cut) => {
    const asked = coRun.filter((i) => points[i].key.inferenceJobs > cut && points[i].key.inferenceJobs <= 2 * cut);
    return run(points.filter((p) => p.key.inferenceJobs <= cut), asked.map((index) => ({ index, distance: Math.log(points[index].key.inferenceJobs / cut) })));
  });
  leaveOneOut.sort((a, b) => a.index - b.index);
  return { leaveOneOut, extrapolation };
}

/** Mean absolute error in percent of the duration: of predicted logarithms against observed ones. Undefined without any. */
export function mape(errors: readonly { predicted: number; observed: number }[]): number | undefined {
  if (errors.length === 0) return undefined;
  return (100 * errors.reduce((sum, e) => sum + Math.abs(Math.expm1(e.predicted - e.observed)), 0)) / errors.length;
}
