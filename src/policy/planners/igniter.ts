/**
 * iGniter's provisioning: which workloads share which GPU, in which batches, with which share of its processors.
 *
 * Source: Xu, Xu, Chen, Chen, Shang, Zhou, Liu: iGniter, IEEE TPDS 34(3), 2023, doi 10.1109/TPDS.2022.3232715, as in its released code.
 */
import { igniterPredict, type IgniterGpu, type IgniterModel } from '../../contention/igniter.js';

/** One stream of requests for one model. */
export interface IgniterDemand {
  name: string;
  model: IgniterModel;
  sloMs: number;
  rateRps: number;
}

/** Where a part of a demand is served. */
export interface IgniterShare {
  name: string;
  batch: number;
  sharePercent: number;
  /** The part of the demand's rate that is planned here. */
  rateRps: number;
  /** With all its neighbours busy, as the model predicts. */
  latencyMs: number;
  throughputRps: number;
}

export interface IgniterOptions {
  /** Smallest step of a share, in percent: 100 over half the number of multiprocessors. */
  unitPercent: number;
  /** Largest batch of a workload that has a GPU to itself. */
  mostBatch: number;
}

interface Wanted extends IgniterDemand {
  batch: number;
  sharePercent: number;
  /** Half the SLO: the other half is for queueing and for waiting until a batch is full. */
  budgetMs: number;
}

const WHOLE = 100;
/** What a workload with a GPU to itself is planned to reach of its capacity. */
const PLANNED = 0.9;
/** Shares are sums of units; this absorbs what such sums are off in binary. */
const ROUNDING = 1e-9;

/** Smallest batch that keeps up with the rate if a batch takes the whole budget: ⌈S R B / (B + d_load R)⌉. */
function batchFor(gpu: IgniterGpu, { model, rateRps }: IgniterDemand, budgetMs: number): number {
  const perMs = rateRps / 1000;
  return Math.max(1, Math.ceil((budgetMs * perMs * gpu.pcie_bytes_per_ms) / (gpu.pcie_bytes_per_ms + model.load_bytes * perMs)));
}

/** Least share with which this batch alone takes no longer than the budget, in whole units; Infinity if none does. */
function leastShare(gpu: IgniterGpu, model: IgniterModel, batch: number, budgetMs: number, unitPercent: number): number {
  const { k1, k2, k3, k4, k5 } = model.active_ms;
  const leftMs = budgetMs - model.idle_ms - (batch * (model.load_bytes + model.feedback_bytes)) / gpu.pcie_bytes_per_ms - k5;
  if (leftMs <= 0) return Infinity;
  const share = (k1 * batch ** 2 + k2 * batch + k3) / leftMs - k4;
  return Math.max(1, Math.ceil(share / unitPercent - ROUNDING)) * unitPercent;
}

const workloadOf = ({ model, batch, sharePercent }: Wanted) => ({ model, batch, share_percent: sharePercent });
const total = (residents: readonly Wanted[]): number => residents.reduce((sum, { sharePercent }) => sum + sharePercent, 0);

/** The residents with shares that hold all budgets, a unit more for each that does not, until all do; undefined if the GPU is too small. */
function grown(gpu: IgniterGpu, residents: readonly Wanted[], unitPercent: number): Wanted[] | undefined {
  const shares = residents.map((resident) => ({ ...resident }));
  for (;;) {
    if (total(shares) > WHOLE + ROUNDING) return undefined;
    const predicted = igniterPredict(gpu, shares.map(workloadOf));
    const late = shares.filter(({ budgetMs }, i) => predicted[i].latencyMs > budgetMs);
    if (late.length === 0) return shares;
    for (const each of late) each.sharePercent += unitPercent;
  }
}

/** Largest batch with which a workload that has the GPU to itself stays within its budget; 0 if not even one image does. */
function largestBatch(gpu: IgniterGpu, model: IgniterModel, budgetMs: number, most: number): number {
  let batch = 0;
  while (batch < most && igniterPredict(gpu, [{ model, batch: batch + 1, share_percent: WHOLE }])[0].latencyMs <= budgetMs) batch++;
  return batch;
}

/**
 * The plan: GPUs in the order in which they were opened, each with its residents in the order in which they came.
 *
 * @throws RangeError if a demand cannot be met by a GPU of its own
 */
export function igniterPlan(gpu: IgniterGpu, demands: readonly IgniterDemand[], { unitPercent, mostBatch }: IgniterOptions): IgniterShare[][] {
  const whole: Wanted[][] = [];
  const wanted = demands.flatMap((demand): Wanted[] => {
    const budgetMs = demand.sloMs / 2;
    let left = demand;
    for (;;) {
      const batch = batchFor(gpu, left, budgetMs);
      const alone = { ...left, batch, sharePercent: leastShare(gpu, left.model, batch, budgetMs, unitPercent), budgetMs };
      // The least share knows nothing of the power cap, which a large share may reach even alone: there the released program misses its budget.
      const held = grown(gpu, [alone], unitPercent);
      if (held !== undefined) return held;
      const most = largestBatch(gpu, left.model, budgetMs, mostBatch);
      if (most === 0) throw new RangeError(`${demand.name}: one image alone takes longer than ${budgetMs} ms, half its SLO, on a whole GPU; a longer SLO is needed`);
      const capacity = igniterPredict(gpu, [{ model: left.model, batch: most, share_percent: WHOLE }])[0].throughputRps;
      const rateRps = Math.min(left.rateRps, Math.ceil(PLANNED * capacity));
      whole.push([{ ...left, rateRps, batch: most, sharePercent: WHOLE, budgetMs }]);
      if (rateRps >= left.rateRps) return [];
      left = { ...left, rateRps: left.rateRps - rateRps };
    }
  });
  const open: Wanted[][] = [];
  // Ties stay in the order in which they were given.
  for (const next of [...wanted].sort((a, b) => b.sharePercent - a.sharePercent)) {
    let best: { at: number; residents: Wanted[]; growth: number } | undefined;
    for (const [at, residents] of open.entries()) {
      const together = grown(gpu, [...residents, next], unitPercent);
      if (together === undefined) continue;
      const growth = total(together) - total(residents);
      if (best === undefined || growth < best.growth - ROUNDING) best = { at, residents: together, growth };
    }
    if (best === undefined) open.push([next]);
    else open[best.at] = best.residents;
  }
  return [...whole, ...open].map((residents) => {
    const predicted = igniterPredict(gpu, residents.map(workloadOf));
    return residents.map(({ name, batch, sharePercent, rateRps }, i) => ({ name, batch, sharePercent, rateRps, latencyMs: predicted[i].latencyMs, throughputRps: predicted[i].throughputRps }));
  });
}

/** Share, in percent, of the standby process that takes over when a workload misses its P99: ten points more. */
export const igniterStandbyShare = (sharePercent: number): number => Math.min(WHOLE, sharePercent + 10);
