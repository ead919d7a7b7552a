import type { ContentionFit } from '../contention/fit/fit.js';
import type { GroupPoint } from '../contention/fit/cross-validation.js';
import { isSolo } from '../contention/fit/group.js';
import type { Sayings } from '../contention/fit/predictor.js';
import { LOADING_CLASS, type Situation } from '../contention/fit/situation.js';
import { normal } from '../random/normal.js';
import { stream } from '../random/stream.js';

/** Who is observed beside whom, whatever the order. */
const nameOf = ({ base, neighbours }: Situation): string => [base, ...neighbours.map((n) => `${n.count} ${n.class}`).sort()].join('|');

interface Measured {
  point: GroupPoint;
  /** By draw: what its median might have been, less what it was, on the scale of logarithms. */
  draws: Float64Array;
}

/** The measured groups by their situation: all those of a calibration, which measures on purpose what a profile needs (only that has blocks); else times alone. */
const measuredOf = (fit: ContentionFit): Map<string, Measured> => new Map(fit.points.flatMap((point, i) => (fit.blockMs === undefined && !isSolo(point.key) ? [] : [[nameOf(point.situation), { point, draws: fit.medians[i].draws }]])));

const alone = (s: Situation): Situation => ({ ...s, neighbours: [], inferenceNeighbours: 0 });
const counts = ({ inferenceNeighbours, neighbours }: Situation): string => {
  const of = (kind: string): number => neighbours.reduce((sum, n) => sum + (n.class.startsWith(kind) ? n.count : 0), 0);
  return `${inferenceNeighbours}|${of('training:')}|${of(LOADING_CLASS)}`;
};

/**
 * Situations that differ from one in the models alone: as many inferences beside it, as many retraining jobs, as many that load; of the observed model
 * if there are any. What a model gets wrong, it gets wrong by the number of jobs first.
 */
function likeOf(s: Situation, among: readonly Situation[]): Situation[] {
  const like = among.filter((other) => other.workload === s.workload && other.neighbours.length > 0 && counts(other) === counts(s));
  const own = like.filter(({ base }) => base === s.base);
  return own.length > 0 ? own : like;
}

/**
 * How much a measurement counts beside what the model says of the same situation: by their variances, that of the model's
 * misfit d (from groups that were left out) and the error σ of the group's median (with the floor of 1.5 % that the fit gives it), d² / (d² + σ²). Times alone are measured again
 * and again, and count fully.
 */
function weightOf(fit: ContentionFit, measured: Measured | undefined): number {
  if (measured === undefined) return 0;
  const { point } = measured;
  if (isSolo(point.key)) return 1;
  const misfit = fit.predictor.discrepancy.inside ** 2;
  return misfit === 0 ? 0 : misfit / (misfit + point.se ** 2);
}

/**
 * What a model says, drawn towards what was measured where it was: a model that is off by a third is of use between the measured mixes, not at
 * them. What was not measured is drawn as its like was: a mix of two models beside training as two of one. Of a fit without blocks the model is left alone
 * beside neighbours; what was timed alone is as it was timed.
 *
 * @param draw number of the draw that is asked for instead of the fit's predictor: a time alone is then drawn from its rows, and a draw of the model
 *   is followed by as much as the model counts
 */
export function anchored(fit: ContentionFit, draw?: number): Sayings {
  const { predictor } = fit;
  const says: Sayings = draw === undefined ? predictor : predictor.drawn(draw);
  const measured = measuredOf(fit);
  /** From what the predictor says of a measured situation to what is held true, without draws. */
  const ofMeasured = (s: Situation): number => {
    const known = measured.get(nameOf(s));
    const log = known && predictor.logMs(s);
    return log === undefined ? 0 : weightOf(fit, known) * (known!.point.logMs - log);
  };
  const ofSlowdown = (s: Situation): number => ofMeasured(s) - ofMeasured(alone(s));
  /** That of a mix that was not measured is the mean of those of its like. */
  const correction = (s: Situation): number => {
    if (s.neighbours.length === 0 || measured.has(nameOf(s))) return ofMeasured(s);
    if (fit.blockMs === undefined) return 0;
    const like = likeOf(s, [...measured.values()].map(({ point }) => point.situation));
    return ofMeasured(alone(s)) + (like.length === 0 ? 0 : like.reduce((sum, other) => sum + ofSlowdown(other), 0) / like.length);
  };
  const drawn = (s: Situation, own: number | undefined, best: number | undefined): number | undefined => (own === undefined || best === undefined ? own : best + (1 - weightOf(fit, measured.get(nameOf(s)))) * (own - best));
  return {
    logMs(s) {
      const log = drawn(s, says.logMs(s), predictor.logMs(s));
      const rows = draw === undefined || s.neighbours.length > 0 ? 0 : (measured.get(nameOf(s))?.draws[draw] ?? 0);
      return log === undefined ? undefined : log + correction(s) + rows;
    },
    logSlowdown(s) {
      const log = drawn(s, says.logSlowdown(s), predictor.logSlowdown(s));
      return log === undefined || s.neighbours.length === 0 ? log : log + correction(s) - correction(alone(s));
    },
  };
}

/** What is added to the logarithm of a slowdown. */
export type Off = (situation: Situation) => number;

/**
 * How far the model may be off in one draw, beyond its parameters: the same way for all numbers of jobs of a workload, which is the worst that it
 * can be. Where a situation was measured it is less, with the variance that is left: d² (1 − weight).
 */
export function offBy(fit: ContentionFit, draw: number): Off {
  const { inside, beyond } = fit.predictor.discrepancy;
  const measured = measuredOf(fit);
  const z = { inference: normal(stream(1, 'discrepancy', 'inference', draw)), training: normal(stream(1, 'discrepancy', 'training', draw)) };
  return (situation) => {
    const further = beyond * fit.predictor.distance(situation);
    return z[situation.workload] * Math.sqrt(inside * inside * (1 - weightOf(fit, measured.get(nameOf(situation)))) + further * further);
  };
}
