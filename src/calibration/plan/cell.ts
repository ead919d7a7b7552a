/** Inference jobs that are alike. */
export interface InferenceJobs {
  model: string;
  batch: number;
  count: number;
}

/** What a training process does: learn, or ask about held-out images as before a deploy. */
export const trainingPhases = ['train', 'evaluate'] as const;
export type TrainingPhase = (typeof trainingPhases)[number];

export interface TrainingJob {
  model: string;
  batch: number;
  /** `train` if left out. */
  phase?: TrainingPhase;
}

export const evaluates = (training: TrainingJob | undefined): boolean => training?.phase === 'evaluate';

/** Names a training job and its phase, as `training t:16` or `evaluation t:16`. */
export const trainingName = (training: TrainingJob): string => `${evaluates(training) ? 'evaluation' : 'training'} ${training.model}:${training.batch}`;

/**
 * One thing to measure: who runs beside whom.
 *
 * - `closed`: every job always busy, back to back
 * - `open`: images come at random, at a share of what the same jobs manage back to back
 * - `loading`: jobs back to back while a further process loads a model
 * - `memory`: processes are loaded one after the other until the accelerator's memory is full
 */
export interface Cell {
  kind: 'closed' | 'open' | 'loading' | 'memory';
  inference: readonly InferenceJobs[];
  training?: TrainingJob;
  /** Of `open`: share of capacity, 0 to 1. */
  share?: number;
  /** Of `loading`: the model that is loaded. */
  loads?: string;
}

/** A cell with its turn: `r2` is the second repetition, `s3` the third solo run that watches the machine. */
export interface Turn {
  cell: Cell;
  run: string;
}

export const jobsOf = (cell: Cell): number => cell.inference.reduce((sum, { count }) => sum + count, 0);

/** Whether one inference runs alone: what watches the machine, and what slowdowns are relative to. */
export const isSoloInference = (cell: Cell): boolean => cell.kind === 'closed' && cell.training === undefined && jobsOf(cell) === 1;

/** Names a cell, as `closed: 2*resnet50:1 + vgg16:1 beside training resnet50:16`. Models stand in the order in which the user named them. */
export function cellName({ kind, inference, training, share, loads }: Cell): string {
  const jobs = inference.map(({ model, batch, count }) => `${count > 1 ? `${count}*` : ''}${model}:${batch}`).join(' + ');
  return [
    `${kind}${share === undefined ? '' : ` at ${Math.round(100 * share)} %`}:`,
    ...(jobs === '' ? [] : [jobs]),
    ...(training === undefined ? [] : [`${jobs === '' ? '' : 'beside '}${trainingName(training)}`]),
    ...(loads === undefined ? [] : [`while ${loads} loads`]),
  ].join(' ');
}

/** Names a turn within a journal. */
export const turnName = ({ cell, run }: Turn): string => `${cellName(cell)} (${run})`;

/** The cell of the same jobs back to back, whose throughput is the capacity of an open one. */
export const closedTwin = ({ inference, training }: Cell): Cell => ({ kind: 'closed', inference, ...(training && { training }) });
