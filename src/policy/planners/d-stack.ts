/**
 * The knee of D-STACK: the share of a GPU beyond which more of it hardly makes a model faster, from a measured curve.
 *
 * Reconstructed: D-STACK (arXiv 2304.13541; TCC 12(4), 2024) derives the knee from an analytic model whose parameters are not
 * published; here it is the smallest measured share whose next step takes off less than a given part of the latency.
 */
export interface LatencyByShare {
  /** Ascending, in percent. */
  sharePercent: readonly number[];
  latencyMs: readonly number[];
}

/** @param leastGain part of the latency that a further step has to take off to be worth it */
export function kneePercent({ sharePercent, latencyMs }: LatencyByShare, leastGain = 0.05): number {
  for (let i = 0; i + 1 < sharePercent.length; i++) if ((latencyMs[i] - latencyMs[i + 1]) / latencyMs[i] < leastGain) return sharePercent[i];
  return sharePercent[sharePercent.length - 1];
}

export interface Efficacy {
  batch: number;
  sharePercent: number;
  /** b / (f² p): throughput per latency and share; 1/s² per share as a fraction, with f in s. */
  efficacy: number;
}

/**
 * Batch and share with the highest efficacy among those that leave half the SLO, and in which a batch is collected in time.
 *
 * @param latencyMs of a batch at a share
 * @returns undefined if no batch at any share is fast enough
 */
export function mostEfficacious(
  latencyMs: (batch: number, sharePercent: number) => number,
  { shares, mostBatch, sloMs, rateRps }: { shares: readonly number[]; mostBatch: number; sloMs: number; rateRps: number },
): Efficacy | undefined {
  let best: Efficacy | undefined;
  for (let batch = 1; batch <= mostBatch; batch++) {
    const collectMs = (1000 * (batch - 1)) / rateRps;
    for (const sharePercent of shares) {
      const ms = latencyMs(batch, sharePercent);
      if (ms > sloMs / 2 || collectMs + ms > sloMs) continue;
      const efficacy = batch / ((ms / 1000) ** 2 * (sharePercent / 100));
      if (best === undefined || efficacy > best.efficacy) best = { batch, sharePercent, efficacy };
    }
  }
  return best;
}
