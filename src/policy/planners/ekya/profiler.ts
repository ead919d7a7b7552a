/**
 * Ekya's micro-profiler: a few epochs on a small part of the data, continued by a curve of Optimus' form
 * acc(x) = 1 − (1 / (b₀ x + b₁) + b₂) with coefficients that are not negative. Source: Ekya, NSDI 2022; Optimus: Peng et al., EuroSys 2018.
 */
export interface OptimusCurve {
  b0: number;
  b1: number;
  b2: number;
}

/** Accuracy after x epochs. */
export const optimusAccuracy = ({ b0, b1, b2 }: OptimusCurve, x: number): number => 1 - (1 / (b0 * x + b1) + b2);

export interface ProfiledPoint {
  epochs: number;
  accuracy: number;
}

/** Steps in which b₂, the error that no training takes away, is searched. */
const STEPS = 400;
const LEAST = 1e-9;

/** Least-squares line through (x, y), neither coefficient negative. */
function line(points: readonly { x: number; y: number; weight: number }[]): { slope: number; intercept: number } {
  const sum = (of: (p: { x: number; y: number; weight: number }) => number) => points.reduce((total, p) => total + p.weight * of(p), 0);
  const w = sum(() => 1);
  const x = sum((p) => p.x);
  const y = sum((p) => p.y);
  const xx = sum((p) => p.x ** 2);
  const xy = sum((p) => p.x * p.y);
  const spread = w * xx - x ** 2;
  const slope = spread > LEAST ? (w * xy - x * y) / spread : 0;
  const intercept = (y - slope * x) / w;
  if (slope < 0) return { slope: 0, intercept: y / w };
  if (intercept < 0) return { slope: xx > 0 ? xy / xx : 0, intercept: 0 };
  return { slope, intercept };
}

/**
 * The curve through measured points: for each b₂ the other two follow from a line through 1 / (1 − acc − b₂), as in Optimus;
 * the b₂ whose curve is nearest to the accuracies is taken.
 */
export function fitOptimus(points: readonly ProfiledPoint[]): OptimusCurve {
  const most = Math.max(LEAST, 1 - Math.max(...points.map((p) => p.accuracy)) - 1e-3);
  let best: OptimusCurve = { b0: 0, b1: 1, b2: 0 };
  let least = Infinity;
  for (let step = 0; step <= STEPS; step++) {
    const b2 = (most * step) / STEPS;
    // Weighted so that a distance along the line is one in accuracy, to first order.
    const { slope, intercept } = line(points.map(({ epochs, accuracy }) => ({ x: epochs, y: 1 / (1 - accuracy - b2), weight: (1 - accuracy - b2) ** 2 * (1 - accuracy - b2) ** 2 })));
    const curve = { b0: slope, b1: Math.max(intercept, LEAST), b2 };
    const error = points.reduce((sum, p) => sum + (optimusAccuracy(curve, p.epochs) - p.accuracy) ** 2, 0);
    if (error < least) {
      least = error;
      best = curve;
    }
  }
  return best;
}

/** Accuracy that the released profiler supposes at the end of the longest training. */
const SEED_ACCURACY = 0.95;

/**
 * Accuracy after `epochs` as the released profiler foresees it from one measurement: a seed curve from the start to 95 % at
 * `longestEpochs`, scaled down by how far the measurement lies below it, with more points along it.
 *
 * @param start accuracy before training
 */
export function profiledAccuracy(start: number, measured: ProfiledPoint, epochs: number, longestEpochs = 30): number {
  const seed = fitOptimus([{ epochs: 0, accuracy: start }, { epochs: longestEpochs, accuracy: SEED_ACCURACY }]);
  const deviation = Math.min(1, measured.accuracy / (optimusAccuracy(seed, measured.epochs) * SEED_ACCURACY));
  const end = SEED_ACCURACY * deviation;
  const between = [1, 2, 3, 4].map((i) => (i * longestEpochs) / 5).map((x) => ({ epochs: x, accuracy: optimusAccuracy(seed, x) * deviation }));
  const curve = fitOptimus([{ epochs: 0, accuracy: start }, ...between, { epochs: longestEpochs, accuracy: end }, measured]);
  return optimusAccuracy(curve, epochs);
}
