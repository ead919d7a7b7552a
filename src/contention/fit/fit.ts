import type { Seed } from '../../random/stream.js';
import { addedDelays, type AddedDelay } from './added-delay.js';
import { idleCosts, type IdleCosts } from './after-idle.js';
import { inBlocks } from './blocks.js';
import { groupMedians, type GroupMedian } from './bootstrap.js';
import type { GroupPoint } from './cross-validation.js';
import { halfWidth } from './discrepancy.js';
import { families } from './families.js';
import type { FittableModel } from './fittable.js';
import { isSolo, LOADING, PLAIN_PHASES, type GroupKey, type ObservedGroup } from './group.js';
import { memoryLine, type MemoryLine } from './memory-line.js';
import { nearestLogMs } from './nearest.js';
import { Predictor, type Prediction } from './predictor.js';
import { NEAREST, select, type Candidate, type Errors, type Selection } from './select.js';
import { onlyInferenceClass, onlyTrainingJob, situationOf, trainingJobOf, type Situation, type TrainingJob } from './situation.js';
import { pooledSpread, varianceOfMedian, type Spread } from './spread.js';

export interface FitOptions {
  capacityMiB?: number;
  /** Bootstrap draws; 200 unless it says otherwise. */
  draws?: number;
  seed?: Seed;
  models?: readonly FittableModel[];
  /** Fit to means of blocks of rows about so long, ms, instead of to single rows: see `blockMeans`. */
  blockMs?: number;
  /** Called after each fit of cross-validation. */
  onFit?: () => void;
}

/** What fitting one set of groups gives. Pure data and functions of it; no group is changed. */
export interface ContentionFit {
  groups: readonly ObservedGroup[];
  /** Set if rows were joined to blocks: medians are then those of blocks. */
  blockMs?: number;
  /** Groups that took part, in the order of `medians`. */
  points: readonly GroupPoint[];
  medians: readonly GroupMedian[];
  selection: Selection;
  /** Name of the candidate, or `combination`. */
  selected: string;
  predictor: Predictor;
  spread: Record<'inference' | 'training', Spread>;
  memory?: MemoryLine;
  /** Factor on an inference for one further process that is being loaded. */
  besideLoading?: { factor: number; interval95: [number, number]; pairs: number };
  /** By class of the training job: what requests that come at random wait for its slices. */
  addedDelays: ReadonlyMap<string, AddedDelay>;
  /** By inference model: what is added where its process was idle before. */
  afterIdle: ReadonlyMap<string, IdleCosts>;
  notIdentifiable: { model: string; needs: string }[];
  /** Sentences. */
  warnings: string[];
  /** The training job that a group is about, or is beside. */
  training(key: GroupKey): TrainingJob;
  /** Situation of a group of this or another file. */
  situation(key: GroupKey): Situation;
  /** Prediction of the median of a group with so many rows of so many processes; that of the nearest measured group where the model cannot say. */
  predict(key: GroupKey, rows: number, processes: number): (Prediction & { from: 'model' | 'nearest' }) | undefined;
}

export const COMBINATION = 'combination';
/** No model is taken to be more exact than this when groups are weighted. */
const MODEL_FLOOR = 0.015;
const THIN_ROWS = 5;

/**
 * Fits contention models to groups.
 *
 * @throws RangeError if no group can take part
 */
export function fitContention(groups: readonly ObservedGroup[], options: FitOptions = {}): ContentionFit {
  const { draws = 200, seed = 1, models = Object.values(families) } = options;
  const { blockMs } = options;
  const closed = groups.filter((g) => g.mode !== 'open').map((g) => (blockMs === undefined ? g : inBlocks(g, blockMs)));
  if (closed.length === 0) throw new RangeError('no group of a closed loop: contention is fitted to jobs that are always busy');
  const only = onlyInferenceClass(closed);
  const trained = onlyTrainingJob(closed);
  const situation = (key: GroupKey): Situation => situationOf(key, only, trained);

  const spread = { inference: pooledSpread(closed.filter((g) => g.workload === 'inference')), training: pooledSpread(closed.filter((g) => g.workload === 'training')) };
  const medians = groupMedians(closed, (g) => spread[g.workload], draws, seed);
  const points = closed.map((key, i): GroupPoint => {
    const { medianMs, se } = medians[i];
    return { key, situation: situation(key), logMs: Math.log(medianMs), sampling: se, rows: Math.sqrt(varianceOfMedian({ ...spread[key.workload], process: 0 }, key.n, 1)), se: Math.sqrt(se * se + MODEL_FLOOR * MODEL_FLOOR), readings: key.readings };
  });

  const selection = select(models, points, options.onFit);
  const chosen = selection.candidates.filter((c) => c.weight > 0);
  const predictor = new Predictor(chosen.map((c) => ({ name: c.name, weight: c.weight, fitted: c.fitted! })), selection.combined.discrepancy, points, selection.candidates.flatMap((c) => (c.plausible === true && c.fitted !== undefined ? [c.fitted] : [])));
  predictor.draw(medians.map((m) => m.draws), seed);
  const measured = points.map((p) => ({ key: p.key, logMs: p.logMs }));
  const nearestDiscrepancy = selection.candidates.find((c) => c.name === NEAREST)!.discrepancy;

  return {
    groups,
    ...(blockMs !== undefined && { blockMs }),
    points,
    medians,
    selection,
    selected: chosen.length === 1 ? chosen[0].name : COMBINATION,
    predictor,
    spread,
    memory: memoryLine(groups, options.capacityMiB),
    besideLoading: costOfLoading(points),
    addedDelays: addedDelays(groups, situation),
    afterIdle: idleCosts(groups),
    notIdentifiable: selection.candidates.flatMap((c) => (c.needs === undefined ? [] : [{ model: c.name, needs: c.needs }])),
    warnings: [...openLoop(groups), ...thin(closed), ...domain(points), ...unchecked(selection)],
    training: (key) => trainingJobOf(key, trained),
    situation,
    predict(key, rows, processes) {
      const own = spread[key.workload];
      const groupVariance = varianceOfMedian(own, rows, processes);
      const said = predictor.predict(situation(key), groupVariance);
      if (said !== undefined) return { ...said, from: 'model' };
      const log = nearestLogMs(key, measured);
      if (log === undefined) return undefined;
      const half = halfWidth(nearestDiscrepancy, 0, groupVariance, 0);
      return { ms: Math.exp(log), interval95Ms: [Math.exp(log - half), Math.exp(log + half)], from: 'nearest' };
    },
  };
}

/** Prediction of one candidate in place of what was selected. */
export function predictWith(fit: ContentionFit, candidate: Candidate, key: GroupKey, rows: number, processes: number): Prediction | undefined {
  const log = candidate.fitted === undefined ? nearestLogMs(key, fit.points.map((p) => ({ key: p.key, logMs: p.logMs }))) : candidate.fitted.logMs(fit.situation(key));
  if (log === undefined) return undefined;
  const half = halfWidth(candidate.discrepancy, 0, varianceOfMedian(fit.spread[key.workload], rows, processes), fit.predictor.distance(fit.situation(key)));
  return { ms: Math.exp(log), interval95Ms: [Math.exp(log - half), Math.exp(log + half)] };
}

/** Compares groups with a loading neighbour to those without, at the same numbers of jobs. */
function costOfLoading(points: readonly GroupPoint[]): ContentionFit['besideLoading'] {
  const ratios = points.flatMap((p) => {
    if (p.key.phase !== LOADING) return [];
    const twin = points.find((q) => q.situation.base === p.situation.base && q.key.phase !== LOADING && q.key.inferenceJobs === p.key.inferenceJobs && q.key.trainingJobs === p.key.trainingJobs);
    return twin === undefined ? [] : [{ log: p.logMs - twin.logMs, variance: p.sampling * p.sampling + twin.sampling * twin.sampling }];
  });
  if (ratios.length === 0) return undefined;
  const mean = ratios.reduce((sum, r) => sum + r.log, 0) / ratios.length;
  const scatter = ratios.reduce((sum, r) => sum + (r.log - mean) * (r.log - mean), 0) / Math.max(1, ratios.length - 1);
  const sampling = ratios.reduce((sum, r) => sum + r.variance, 0) / ratios.length;
  const half = 1.96 * Math.sqrt(Math.max(scatter, sampling) / ratios.length);
  return { factor: Math.exp(mean), interval95: [Math.exp(mean - half), Math.exp(mean + half)], pairs: ratios.length };
}

const openLoop = (groups: readonly ObservedGroup[]): string[] => {
  const open = groups.filter((g) => g.mode === 'open').length;
  return open === 0 ? [] : [`${open} ${open === 1 ? 'group' : 'groups'} of an open loop did not take part in the slowdowns, which are those of jobs that are always busy; they tell what an inference costs whose process was idle before it.`];
};

function thin(groups: readonly ObservedGroup[]): string[] {
  const few = groups.filter((g) => g.n < THIN_ROWS);
  if (few.length === 0) return [];
  const shown = few.slice(0, 4).map((g) => `${g.name} (${g.n})`);
  return [`${few.length} ${few.length === 1 ? 'group has' : 'groups have'} fewer than ${THIN_ROWS} rows: ${shown.join('; ')}${few.length > 4 ? ' and others' : ''}. Their intervals lean on how the other groups scatter.`];
}

/** What these groups cannot show, whatever model is fitted. */
function domain(points: readonly GroupPoint[]): string[] {
  const out: string[] = [];
  const beside = points.filter((p) => p.key.workload === 'inference' && p.key.trainingJobs > 0);
  if (beside.length > 0 && beside.every((p) => p.key.inferenceJobs === 1)) out.push('Beside training only one inference job was measured: how its slowdown grows with more of them is not known.');
  const training = points.filter((p) => p.key.workload === 'training');
  if (training.length > 0 && !training.some((p) => isSolo(p.key))) out.push('Training was never measured alone: how much inference slows it is not known.');
  const coRun = points.filter((p) => !isSolo(p.key));
  if (coRun.length === 0) out.push('No group has neighbours: nothing about contention can be learned. Measure two or more jobs at once.');
  const runs = new Set(points.flatMap((p) => (p.key as ObservedGroup).clusters.map((c) => c.run)));
  if (runs.size === 1) out.push('All rows are of one run: how runs differ (temperature, clocks, other programs) is not in the intervals.');
  const alone = new Set(points.filter((p) => isSolo(p.key)).map((p) => p.situation.base));
  const without = [...new Set(points.filter((p) => !alone.has(p.situation.base) && (p.key.phase === undefined || PLAIN_PHASES.includes(p.key.phase))).map((p) => p.situation.base))];
  if (without.length > 0) out.push(`Never measured alone: ${without.slice(0, 5).join(', ')}. Its time alone is what the models extrapolate.`);
  return out;
}

function unchecked(selection: Selection): string[] {
  return selection.combined.discrepancy.assumed ? ['Too few groups for cross-validation: how far the model is off is assumed (5 %), not measured.'] : [];
}

export type { Errors };
