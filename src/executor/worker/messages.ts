/** Kinds of messages between the server and a worker process, and what their fields hold. Times are in ms. */
export const Ask = {
  /** part 0: a `WorkerOrder`. Answered by `ready`, or the process ends. */
  open: 1,
  /** id: number of the batch; parts: one image each. Answered by `answers`, or the process ends. */
  infer: 2,
  /** Goes on training, or begins. */
  train: 3,
  /** Stops training after the present slice; answered by `paused` with the same id, unless `train` comes first. */
  pause: 4,
  /** Puts what was learnt in use if it is better; answered by `deployed`. */
  deploy: 5,
  /** Answered by `pong` as soon as the process listens. */
  ping: 6,
} as const;

export const Told = {
  /** The model or the job is loaded. part 0: its `ModelSpec` (nothing for a job). */
  ready: 65,
  /** id: of the batch; value: time that it took in the process; parts: one answer per image. */
  answers: 66,
  epochEnded: 67,
  paused: 68,
  /** value: 1 if it was better, else 0. */
  deployed: 69,
  pong: 70,
  /** The process is about to end. value: an `Ending`; part 0: why, in words. */
  failed: 71,
  /** A slice of training ended. value: time that it took in the process. */
  sliceEnded: 80,
} as const;

export const Ending = { crashed: 0, outOfMemory: 1 } as const;

/** What a worker process is to be. */
export interface WorkerOrder {
  engine: string;
  options: unknown;
  accelerator: number;
  serve?: string;
  train?: { model: string; batch: number };
}
