import { evaluates, type Cell, type InferenceJobs, type TrainingJob } from './cell.js';
import type { Preset } from './presets.js';

/** What is to be measured. */
export interface Matrix extends Pick<Preset, 'maxJobs' | 'batches' | 'mixJobs' | 'subsets' | 'besideTraining' | 'trainingBatches' | 'phases' | 'shares' | 'loading' | 'memory'> {
  models: readonly string[];
  training: readonly string[];
}

/** The training jobs of a matrix, each in each of its phases. */
export const trainingJobs = ({ training, trainingBatches, phases }: Pick<Matrix, 'training' | 'trainingBatches' | 'phases'>): TrainingJob[] =>
  training.flatMap((model) => trainingBatches.flatMap((batch) => phases.map((phase): TrainingJob => ({ model, batch, ...(phase === 'evaluate' && { phase }) }))));

/** Every cell once, in an order that means nothing. @param tellsMemory whether the device says how much memory is in use */
export function cellsOf(matrix: Matrix, tellsMemory: boolean): Cell[] {
  const { models, batches, shares, maxJobs } = matrix;
  const all = trainingJobs(matrix);
  const trainings = all.filter((job) => !evaluates(job));
  const evaluations = all.filter(evaluates);
  const alike = matrix.subsets ? [] : models.flatMap((model) => upTo(maxJobs).filter((n) => n > 1).map((count) => [one(model, count)]));
  const alone = models.map((model) => [one(model)]);
  const mixes = mixesOf(matrix);

  const closed: Cell[] = [
    ...models.flatMap((model) => [...new Set([1, ...batches])].map((batch): Cell => ({ kind: 'closed', inference: [{ model, batch, count: 1 }] }))),
    ...[...alike, ...mixes].map((inference): Cell => ({ kind: 'closed', inference })),
    ...trainings.map((training): Cell => ({ kind: 'closed', inference: [], training })),
  ];
  // Of few models pairs cost little, and tell what no number of one of them does.
  const pairs = mixes.filter((jobs) => jobs.length === 2 && jobs.every(({ count }) => count === 1));
  const besides = matrix.besideTraining === 'all' ? [...alone, ...alike, ...mixes] : [...alone, ...alike.filter(([{ count }]) => count === maxJobs), ...(pairs.length <= models.length ? pairs : [])];
  closed.push(...trainings.flatMap((training) => besides.map((inference): Cell => ({ kind: 'closed', inference, training }))));

  const besideEvaluation = matrix.besideTraining === 'all' ? besides : alone;
  closed.push(...evaluations.flatMap((training) => [[], ...besideEvaluation].map((inference): Cell => ({ kind: 'closed', inference, training }))));

  // An open loop shows what single requests take whose process was idle before them: alone, with other processes, beside training.
  const most = alike.filter(([{ count }]) => count === maxJobs);
  const together = matrix.besideTraining === 'all' ? [...alike, ...mixes] : alike.filter(([{ count }]) => count === 2 || count === maxJobs);
  const opened: Cell[] = [
    ...[...alone, ...together].map((inference): Cell => ({ kind: 'closed', inference })),
    ...trainings.flatMap((training) => [...alone, ...most].map((inference): Cell => ({ kind: 'closed', inference, training }))),
  ].flatMap((cell) => shares.map((share): Cell => ({ ...cell, kind: 'open', share })));

  const loading = matrix.loading ? models.map((model, i): Cell => ({ kind: 'loading', inference: [one(model)], loads: models[(i + 1) % models.length] })) : [];
  const memory = matrix.memory && tellsMemory ? models.map((model): Cell => ({ kind: 'memory', inference: [one(model)] })) : [];
  return [...closed, ...opened, ...loading, ...memory];
}

const one = (model: string, count = 1): InferenceJobs => ({ model, batch: 1, count });
const upTo = (most: number): number[] => Array.from({ length: most }, (_, i) => i + 1);

/** Combinations of at least two models, from two jobs to `mixJobs`. */
function mixesOf({ models, mixJobs, subsets }: Matrix): InferenceJobs[][] {
  const out: InferenceJobs[][] = [];
  const extend = (from: number, jobs: readonly InferenceJobs[], left: number): void => {
    if (jobs.length > 1) out.push([...jobs]);
    for (let m = from; m < models.length; m++) for (const count of upTo(subsets ? Math.min(1, left) : left)) extend(m + 1, [...jobs, one(models[m], count)], left - count);
  };
  extend(0, [], mixJobs);
  return out;
}
