/** What came of trying a built TensorFlow. */
export interface Trial {
  node: string;
  /** As the library says. */
  tensorflow: string;
  /** Whether it found a GPU that it can use. */
  gpu: boolean;
  /** Greatest difference from the backend `cpu`, as a share of the greatest value: of a convolution, its gradient, a step of training. */
  difference: { conv2d: number; gradient: number; training: number };
  /** Loss before and after steps of training. */
  loss: [before: number, after: number];
  loadMs: number;
}

/** Float32 has 24 bits, and a few thousand terms are summed in another order. */
const TOLERANCE = 1e-4;
/** TensorFloat-32, which GPUs use for convolutions from Ampere on, has 11 bits. */
const GPU_TOLERANCE = 1e-2;

/** What is wrong with a trial, as sentences. */
export function faultsOfTrial({ gpu, difference, loss: [before, after] }: Trial): string[] {
  const limit = gpu ? GPU_TOLERANCE : TOLERANCE;
  const faults = Object.entries(difference)
    .filter(([, share]) => !(Number.isFinite(share) && share <= limit)) // NaN came as null, as JSON has it.
    .map(([what, share]) => `${what} differs from the backend cpu by ${share} of the greatest value; at most ${limit} is expected`);
  if (!(Number.isFinite(after) && after < before)) faults.push(`training did not lower the loss: ${before} before, ${after} after`);
  return faults;
}
