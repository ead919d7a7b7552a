import { LOADING, PLAIN_PHASES, type GroupKey } from './group.js';

/** Who is observed beside whom: all that a contention model looks at. */
export interface Situation {
  /** Class of the observed job, such as `inference:resnet18` or `training:resnet18:b128`. One class has one slowdown law. */
  observed: string;
  /** What has one time alone: the class, with the amount of work in a row. */
  base: string;
  workload: 'inference' | 'training';
  /** Inference jobs beside the observed one, of whatever model. */
  inferenceNeighbours: number;
  /** All neighbours by class, without the observed job; counts above 0. */
  neighbours: readonly { class: string; count: number }[];
}

export const LOADING_CLASS = 'loading';

const withBatch = (model: string, batch: number | undefined): string => (batch === undefined ? model : `${model}:b${batch}`);
const inferenceClass = (model: string, batch?: number, share?: number): string => `inference:${withBatch(model, batch)}${share === undefined ? '' : `@${share}%`}`;
const trainingClass = (model: string, batch: number | undefined, phase: string | undefined): string =>
  `training:${withBatch(model, batch)}${phase === undefined || PLAIN_PHASES.includes(phase) || phase === LOADING || phase === 'train' ? '' : `:${phase}`}`;

/**
 * The situation of a group. Neighbours that are not named are of the observed model, or of the only inference model that was
 * measured, or of a class `*`.
 *
 * The phase of an inference is that of the training job beside it (`train` is the usual one and is not written out); in the phase
 * `loading` one further process is being loaded.
 *
 * @param onlyInference the class of the only inference model in the data, if there is only one
 * @param onlyTraining the only training job in the data: what trains where a row does not say
 */
export function situationOf(g: GroupKey, onlyInference?: string, onlyTraining?: TrainingJob): Situation {
  const observed = observedClass(g);
  const neighbours = new Map<string, number>();
  const add = (name: string, count: number): void => {
    if (count > 0) neighbours.set(name, (neighbours.get(name) ?? 0) + count);
  };
  const own = g.workload === 'inference' ? 1 : 0;
  const inferenceNeighbours = g.inferenceJobs - own;
  if (g.neighbours !== undefined) for (const n of g.neighbours) add(inferenceClass(n.model, n.batch), n.count);
  else add(g.workload === 'inference' ? observed : (onlyInference ?? 'inference:*'), inferenceNeighbours);
  if (g.workload === 'training') add(observed, g.trainingJobs - 1);
  else {
    const { model, batch } = trainingJobOf(g, onlyTraining);
    add(trainingClass(model, batch, g.phase), g.trainingJobs);
  }
  if (g.phase === LOADING) add(LOADING_CLASS, 1);
  const work = [g.units === undefined ? '' : `/${g.units}`, g.mode === 'open' ? `/open ${g.offeredRps ?? ''}` : ''].join('');
  return {
    observed,
    base: observed + work,
    workload: g.workload,
    inferenceNeighbours,
    neighbours: [...neighbours].map(([name, count]) => ({ class: name, count })),
  };
}

/** The class of what a group observes. */
export function observedClass(g: GroupKey): string {
  return g.workload === 'inference' ? inferenceClass(g.model, g.batch, g.sharePercent) : trainingClass(g.model, g.batch ?? g.trainingBatch, g.phase);
}

/** The class of the only inference model among the groups, or undefined if there are several or none. */
export function onlyInferenceClass(groups: readonly GroupKey[]): string | undefined {
  const classes = new Set(groups.filter((g) => g.workload === 'inference').map(observedClass));
  return classes.size === 1 ? [...classes][0] : undefined;
}

export interface TrainingJob {
  model: string;
  batch?: number;
}

/** The training job that a group is about, or is beside. */
export function trainingJobOf(g: GroupKey, only?: TrainingJob): TrainingJob {
  if (g.workload === 'training') return { model: g.model, batch: g.batch ?? g.trainingBatch };
  if (g.trainingModel !== undefined) return { model: g.trainingModel, batch: g.trainingBatch ?? (only?.model === g.trainingModel ? only.batch : undefined) };
  return only ?? { model: '*' };
}

/** The only training job among the groups, or undefined if there are several or none. */
export function onlyTrainingJob(groups: readonly GroupKey[]): TrainingJob | undefined {
  const named = groups.filter((g) => g.workload === 'training' || g.trainingModel !== undefined).map((g) => trainingJobOf(g));
  const models = new Set(named.map((j) => j.model));
  const batches = new Set(named.flatMap((j) => j.batch ?? []));
  return models.size === 1 && batches.size <= 1 ? { model: [...models][0], batch: [...batches][0] } : undefined;
}
