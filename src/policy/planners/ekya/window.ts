/**
 * A retraining window of Ekya: streams that are answered by an old model until its retraining is done, on shares of GPUs.
 *
 * Source: Bhardwaj, Xia, Ananthanarayanan, Jiang, Shu, Karianakis, Hsieh, Bahl, Stoica: Ekya, NSDI 2022, and its released code.
 */

/** A way of retraining: what it costs on a whole GPU, and the accuracy it reaches. */
export interface EkyaConfiguration {
  name: string;
  accuracy: number;
  /** GPU-seconds at a whole GPU. */
  gpuS: number;
}

/** One stream (camera) with one inference job, and at most one retraining job. */
export interface EkyaStream {
  name: string;
  /** Accuracy of the weights in use, as a fraction. */
  accuracy: number;
  /** Retraining that can be chosen. */
  configurations: readonly EkyaConfiguration[];
  /** What is left of the accuracy when inference has this share, in GPUs: its best inference configuration, relative to a share that is enough. */
  inferenceFactor(share: number): number;
}

/** Shares in GPUs, by stream. */
export interface EkyaShares {
  inference: readonly number[];
  training: readonly number[];
}

/** Progress of a retraining job in GPU-seconds per second at a share, in GPUs; 1 at a whole GPU. */
export type TrainingSpeed = (share: number) => number;

/** Training time in inverse proportion to the share, as in the released simulator. */
export const linearSpeed: TrainingSpeed = (share) => share;

/** Who gets a share that a finished retraining job leaves; returns the new shares. */
export type Freed = (shares: EkyaShares, finished: number, training: readonly number[]) => EkyaShares;

/** The released live system: equally to inference jobs, since starting training processes anew is expensive. */
export const freedToInference: Freed = ({ inference, training }, finished) => ({
  inference: inference.map((share) => share + training[finished] / inference.length),
  training: training.map((share, i) => (i === finished ? 0 : share)),
});

/** The released simulator, with GPU time conserved: equally to all jobs that are left. */
export const freedToAll: Freed = ({ inference, training }, finished, at) => {
  const each = training[finished] / (inference.length + at.length);
  return { inference: inference.map((share) => share + each), training: training.map((share, i) => (i === finished ? 0 : at.includes(i) ? share + each : share)) };
};

/** Nothing changes until the window ends, as the estimate of the paper has it. */
export const freedToNobody: Freed = (shares) => shares;

export interface EkyaWindow {
  /** Mean over the window, by stream. */
  accuracy: number[];
  /** Accuracy of the weights in use at its end, by stream. */
  endAccuracy: number[];
  /** When retraining was done, in s; Infinity where it was not, or there was none. */
  doneS: number[];
}

/** Work below this, in GPU-seconds, is what sums of shares are off in binary. */
const ROUNDING = 1e-9;

/**
 * Plays a window through.
 *
 * @param chosen the retraining of each stream, undefined for none
 */
export function playWindow(
  windowS: number,
  streams: readonly EkyaStream[],
  chosen: readonly (EkyaConfiguration | undefined)[],
  given: EkyaShares,
  { speed = linearSpeed, freed = freedToNobody }: { speed?: TrainingSpeed; freed?: Freed } = {},
): EkyaWindow {
  let shares = given;
  const accuracy = streams.map((stream) => stream.accuracy);
  const left = chosen.map((configuration) => configuration?.gpuS ?? 0);
  const doneS = streams.map(() => Infinity);
  const sums = streams.map(() => 0);
  let nowS = 0;
  for (;;) {
    const at = left.flatMap((work, i) => (work > 0 ? [i] : []));
    let next = -1;
    let stepS = windowS - nowS;
    for (const i of at) {
      const needsS = left[i] / speed(shares.training[i]);
      if (needsS <= stepS) {
        next = i;
        stepS = needsS;
      }
    }
    streams.forEach((stream, i) => (sums[i] += accuracy[i] * stream.inferenceFactor(shares.inference[i]) * stepS));
    for (const i of at) left[i] -= speed(shares.training[i]) * stepS;
    nowS += stepS;
    if (next < 0) break;
    for (const i of at.filter((job) => job === next || left[job] < ROUNDING)) {
      left[i] = 0;
      doneS[i] = nowS;
      accuracy[i] = chosen[i]!.accuracy;
      shares = freed(shares, i, at.filter((job) => left[job] > 0));
    }
  }
  return { accuracy: sums.map((sum) => sum / windowS), endAccuracy: accuracy, doneS };
}
