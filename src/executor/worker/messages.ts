import type { TrainingOrder } from '../engines/engine.js';

/** Kinds of messages between the server and a worker process, and what their fields hold. Times are in ms. */
export const Ask = {
  /** part 0: a `WorkerOrder`; part 1: weights to begin with instead of those that the model is opened with, if any. Answered by `ready`, or the process ends. */
  open: 1,
  /** id: number of the batch; parts: one image each. Answered by `answers`, or the process ends. */
  infer: 2,
  /** Goes on training, or begins; evaluating, if that is what the process is to do. */
  train: 3,
  /** Stops training after the present slice; answered by `paused` with the same id, unless `train` comes first. */
  pause: 4,
  /** Puts what was learnt in use if it is better; answered by `deployed`. */
  deploy: 5,
  /** Answered by `pong` as soon as the process listens. */
  ping: 6,
  /** Weights whose pieces were sent are to answer with from the next batch on. id: their version. Answered by `weights`. */
  weights: 7,
  /** A piece of weights, in order. id: their version; value: bytes of all pieces together; part 0: the piece. Answered by `piece`. */
  piece: 8,
} as const;

export const Told = {
  /** The model or the job is loaded. part 0: its `ModelSpec` (nothing for a job). */
  ready: 65,
  /** id: of the batch; value: time that it took in the process; parts: one answer per image. */
  answers: 66,
  /** Before `answers`, where the order asks for it. part 0: `BatchParts` of that batch. */
  parts: 76,
  epochEnded: 67,
  paused: 68,
  /** value: 1 if it was better, else 0; part 0: its `Comparison`, or nothing; part 1: the new weights, if any. */
  deployed: 69,
  pong: 70,
  /** The process is about to end. value: an `Ending`; part 0: why, in words. */
  failed: 71,
  /** id: version of the weights; value: time that it took to put them in place. part 0: present, with the reason, if they were refused and the model is as before. */
  weights: 72,
  /** The next piece may come. id: version of the weights. */
  piece: 75,
  /** part 0: a `Progress`. */
  progress: 73,
  /** part 0: a sentence for the operator. */
  notice: 74,
  /** A slice of training ended. id: 1 if it did one step with a whole batch and nothing else; value: time that it took in the process. */
  sliceEnded: 80,
} as const;

/** Why a process ended. `refused`: it can never do what it is told, so there is no use in trying again. */
export const Ending = { crashed: 0, outOfMemory: 1, refused: 2 } as const;
export type Ending = (typeof Ending)[keyof typeof Ending];

/** What a worker process is to be. */
export interface WorkerOrder {
  engine: string;
  options: unknown;
  accelerator: number;
  serve?: string;
  /** Tell the parts of each batch's time, where the engine knows. */
  tellParts?: true;
  /** Present if the weights to begin with are a file that the process has open under this descriptor. */
  weightsAt?: number;
  train?: TrainingOrder;
  /** The job never trains: where it is told to, its slices are batches of held-out images that it is asked about, over and over. */
  evaluate?: true;
}
