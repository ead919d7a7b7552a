import { fitOptimus, optimusAccuracy, type ProfiledPoint } from './profiler.js';

/** A retraining that was done: accuracy before it, its epochs, and accuracy by the labels after it; NaN while there is none. */
export interface Round {
  from: number;
  epochs: number;
  to: number;
}

/** What the released profiler supposes before anything was measured: 95 % after 30 epochs. */
const SEED: ProfiledPoint = { epochs: 30, accuracy: 0.95 };
/** Rounds that are looked back upon: the world drifts. */
const REMEMBERED = 5;
const BELOW_ONE = 0.999;

/**
 * Accuracy expected after `epochs` more epochs, from a curve of Optimus' form through the rounds of the past, entered where it has
 * the present accuracy. Reconstructed: Ekya measures 5 epochs on a tenth of the data instead.
 */
export function expectedAccuracy(rounds: readonly Round[], accuracy: number, epochs: number): number {
  const seen = rounds.filter(({ to }) => to >= 0).slice(-REMEMBERED);
  const points: ProfiledPoint[] = seen.length === 0 ? [SEED] : seen.map(({ epochs: after, to }) => ({ epochs: after, accuracy: Math.min(to, BELOW_ONE) }));
  const from = seen.length === 0 ? accuracy : Math.min(accuracy, ...seen.map((round) => round.from));
  const curve = fitOptimus([{ epochs: 0, accuracy: Math.min(from, BELOW_ONE) }, ...points]);
  const left = 1 - accuracy - curve.b2;
  // It is as good already as the curve will ever be.
  if (left <= 0 || curve.b0 <= 0) return accuracy;
  const at = Math.max(0, (1 / left - curve.b1) / curve.b0);
  return Math.max(accuracy, optimusAccuracy(curve, at + epochs));
}
