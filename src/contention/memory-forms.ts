/**
 * Closed forms of what processes take of an accelerator's memory, in MiB, and of how many fit.
 *
 *   used = fixed + Σ processes,  a process = context + weights + batch × per image
 *
 * A load fits if its peak does: while it loads, a process may take more than it keeps.
 * Sources: the memory note released with Corun (Sensors 2024, 24(16), 5262): weights at 4 bytes per parameter, and for every image of a
 * training batch 2 α h w, the 2 for the forward and the backward pass; the context and the peak are what the note leaves as "ephemeral".
 */

const BYTES_PER_MIB = 1024 * 1024;

/** Sums in another order may differ by their last digits, which is no reason for a process not to fit. */
const ROUNDING_MIB = 1e-6;

/** What one process takes. */
export interface ProcessMemory {
  /** The process's context and libraries; 0 if `weightsMiB` already holds all that does not depend on the batch. */
  contextMiB: number;
  /** Weights, times their copies: a training step keeps gradients and perhaps momenta. */
  weightsMiB: number;
  /** For each image of a batch. */
  perImageMiB: number;
  /** Beyond what it keeps, while it loads. */
  loadingPeakMiB?: number;
}

/** Memory of weights in MiB; 4 bytes per parameter are single precision. */
export function weightsMiB(parameters: number, bytesPerParameter = 4): number {
  return (parameters * bytesPerParameter) / BYTES_PER_MIB;
}

/** Activations of one training image in MiB: 2 α h w, with α in MiB per pixel and pass. */
export function activationMiB(alpha: number, height: number, width: number): number {
  return 2 * alpha * height * width;
}

/** What a process keeps, in MiB, with this batch (0 for a process that waits). */
export function processMiB(process: ProcessMemory, batch: number): number {
  return process.contextMiB + process.weightsMiB + batch * process.perImageMiB;
}

/**
 * How many like processes fit beside what is used already: the largest n with used + n × keeps + peak ≤ capacity, where the peak
 * is that of the last one to load.
 *
 * @returns Infinity if a process takes nothing
 * @throws RangeError if a size is negative or not a number
 */
export function mostProcesses(capacityMiB: number, usedMiB: number, process: ProcessMemory, batch: number): number {
  const each = checked(processMiB(process, batch), 'a process');
  const left = capacityMiB - checked(usedMiB, 'what is used') - checked(process.loadingPeakMiB ?? 0, 'the peak of loading') + ROUNDING_MIB;
  if (left < each) return 0;
  return each === 0 ? Infinity : Math.floor(left / each);
}

/**
 * The largest batch with which a process fits beside what is used already; 0 if not even one image does.
 *
 * @returns Infinity if an image takes nothing and the rest fits
 * @throws RangeError if a size is negative or not a number
 */
export function mostBatch(capacityMiB: number, usedMiB: number, process: ProcessMemory): number {
  const left =
    capacityMiB - checked(usedMiB, 'what is used') - checked(process.contextMiB + process.weightsMiB, 'a process') - checked(process.loadingPeakMiB ?? 0, 'the peak of loading') + ROUNDING_MIB;
  if (!(left >= 0)) return 0;
  const perImage = checked(process.perImageMiB, 'an image');
  return perImage === 0 ? Infinity : Math.floor(left / perImage);
}

/**
 * The frontier between inference and training: the largest training batch beside 0, 1, 2, … inference processes, up to the number beside
 * which not one image can be trained.
 *
 * @param inferenceBatch batch of each inference process
 * @param most no more inference processes than this; needed where training or inference takes nothing
 */
export function trainingBatchFrontier(
  capacityMiB: number,
  fixedMiB: number,
  inference: ProcessMemory,
  inferenceBatch: number,
  training: ProcessMemory,
  most = 1000,
): { inferenceJobs: number; trainingBatch: number }[] {
  const frontier: { inferenceJobs: number; trainingBatch: number }[] = [];
  for (let inferenceJobs = 0; inferenceJobs <= most; inferenceJobs++) {
    const used = fixedMiB + inferenceJobs * processMiB(inference, inferenceBatch);
    // The inference processes have to have loaded, too; those that are there first need their own peak only.
    if (inferenceJobs > 0 && mostProcesses(capacityMiB, fixedMiB, inference, inferenceBatch) < inferenceJobs) break;
    const trainingBatch = mostBatch(capacityMiB, used, training);
    if (trainingBatch === 0) break;
    frontier.push({ inferenceJobs, trainingBatch });
  }
  return frontier;
}

function checked(mib: number, what: string): number {
  if (!(mib >= 0)) throw new RangeError(`${what} takes ${mib} MiB, must be 0 or more`);
  return mib;
}
