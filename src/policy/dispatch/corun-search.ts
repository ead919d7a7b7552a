import type { Topology } from '../contract.js';
import { combinations } from './combinations.js';

export interface Tolerances {
  latency_tolerance: number;
  epoch_tolerance: number;
  combinations: 'mean' | 'worst';
  k_cap: number;
}

/** What K inferences do to each other and to the retraining job, over all combinations of K models, as factors. */
export interface Growth {
  /** Subsets that were looked at, those with the same models as one. */
  combinations: number;
  /** Mean latency over all models in all combinations over that at K = 1, and the largest growth of any model in any of them. */
  latency: { mean: number; worst: number };
  /** Of the epoch without inference; absent without retraining. */
  epoch?: { mean: number; worst: number };
  /** Of the combination that takes most. */
  memoryMiB: number;
}

/** The largest K, what ended the search, and what this K does; the last is absent where K is 0. */
export interface Found {
  k: number;
  limitedBy: string;
  growth?: Growth;
}

type Accelerator = Topology['accelerators'][number];

/** All combinations of k models, or why one of them is not to be. */
function look(accelerator: Accelerator, trainingModel: string | undefined, k: number, alone: ReadonlyMap<string, number>, meanAlone: number): Growth | string {
  const epochAlone = accelerator.coRun([], trainingModel).epochMs;
  const found = combinations(accelerator.models, k);
  let sum = 0;
  let count = 0;
  let worst = 0;
  let epochSum = 0;
  let epochWorst = 0;
  let memoryMiB = 0;
  for (const { models: members, ways } of found) {
    const run = accelerator.coRun(members, trainingModel);
    if (!run.fits) return `memory: ${k} need ${Math.round(run.memoryMiB)} MiB`;
    if (run.outside !== undefined) return `what was measured: ${run.outside}`;
    run.latencyMs.forEach((latencyMs, i) => {
      sum += ways * latencyMs;
      worst = Math.max(worst, latencyMs / (alone.get(members[i]) ?? latencyMs));
    });
    count += ways;
    epochSum += ways * (run.epochMs ?? 0);
    epochWorst = Math.max(epochWorst, run.epochMs ?? 0);
    memoryMiB = Math.max(memoryMiB, run.memoryMiB);
  }
  const mean = sum / (count * k);
  return {
    combinations: found.length,
    latency: { mean: meanAlone === 0 ? 1 : mean / meanAlone, worst },
    ...(epochAlone === undefined ? {} : { epoch: { mean: epochSum / count / epochAlone, worst: epochWorst / epochAlone } }),
    memoryMiB,
  };
}

/**
 * Corun's offline profiling: the largest number K of inferences beside the retraining job such that no combination of K
 * models exceeds the memory, latency grows at most `latency_tolerance` × K-fold (in the mean over the combinations, or at
 * worst), and the longest epoch at most `epoch_tolerance` × (K + 1)-fold. Source: Liu, Andhare, Kang, Sensors 24(16),
 * 2024; the tests inside the loop are reconstructed, since the paper's thresholds are not known.
 */
export function largestK(accelerator: Accelerator, trainingModel: string | undefined, options: Tolerances): Found {
  const { models } = accelerator;
  if (models.length === 0) return { k: 0, limitedBy: 'no app that it could serve' };
  const alone = new Map<string, number>();
  let aloneSum = 0;
  let found: Found = { k: 0, limitedBy: `k_cap ${options.k_cap}` };
  for (let k = 1; k <= options.k_cap; k++) {
    if (k === 2) {
      for (const model of models) {
        const [latencyMs] = accelerator.coRun([model], trainingModel).latencyMs;
        alone.set(model, latencyMs);
        aloneSum += latencyMs;
      }
    }
    const growth = look(accelerator, trainingModel, k, alone, aloneSum / models.length);
    if (typeof growth === 'string') return { ...found, limitedBy: growth };
    const latency = growth.latency[options.combinations];
    if (latency > options.latency_tolerance * k) return { ...found, limitedBy: `latency: × ${latency.toFixed(2)} at ${k}` };
    if (growth.epoch !== undefined && growth.epoch.worst > options.epoch_tolerance * (k + 1)) return { ...found, limitedBy: `epoch time: × ${growth.epoch.worst.toFixed(2)} at ${k}` };
    found = { k, limitedBy: `k_cap ${options.k_cap}`, growth };
  }
  return found;
}
