import type { HeldOutResult } from './held-out.js';

/** Whether new weights are to take the place of those in use, and why. Accuracies are shares of the held-out images. */
export interface DeployDecision {
  deploy: boolean;
  accuracyBefore: number;
  accuracyAfter: number;
  /** Held-out images. */
  images: number;
  /** Images about which only the new weights are right, and only those in use. */
  won: number;
  lost: number;
  /** Of the gain in accuracy. */
  gainCi95: readonly [number, number];
  /** In one sentence. */
  reason: string;
}

/** Normal quantile of 97.5 %. */
const Z95 = 1.959964;

/**
 * Compares two models on the same held-out images. The new one is deployed if it is right about more of them, the rule of the
 * simulator; a tie keeps what is in use. The interval is that of Agresti and Min for the difference of paired proportions (Statistics in
 * Medicine 24, 2005): Wald's with half an image more of each of the four kinds, since without them one image would seem to prove
 * everything. It informs, and does not decide.
 */
export function decide(before: Pick<HeldOutResult, 'hits'>, after: Pick<HeldOutResult, 'hits'>): DeployDecision {
  const images = before.hits.length;
  if (images === 0 || after.hits.length !== images) throw new RangeError(`both models must be asked about the same images, at least one: ${images} and ${after.hits.length}`);
  let [won, lost, right] = [0, 0, 0];
  for (const [i, hit] of before.hits.entries()) {
    right += hit;
    if (after.hits[i] > hit) won++;
    else if (after.hits[i] < hit) lost++;
  }
  const adjusted = images + 2;
  const gain = (won - lost) / adjusted;
  const half = Z95 * Math.sqrt(((won + lost + 1) / adjusted - gain ** 2) / adjusted);
  const accuracyBefore = right / images;
  const accuracyAfter = (right + won - lost) / images;
  const deploy = won > lost;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const reason = `${percent(accuracyBefore)} of ${images} held-out images right before, ${percent(accuracyAfter)} after: ${deploy ? 'deployed' : won === lost ? 'declined, since it is no better' : 'declined, since it is worse'}`;
  return { deploy, accuracyBefore, accuracyAfter, images, won, lost, gainCi95: [Math.max(-1, gain - half), Math.min(1, gain + half)], reason };
}
