/**
 * iGniter's provisioning: which workloads share which GPU, in which batches, with which share of its processors.
 *
 * Source: Xu, Xu, Chen, Chen, Shang, Zhou, Liu: iGniter, IEEE TPDS 34(3), 2023, doi 10.1109/TPDS.2022.3232715, as in its released code.
 */
import { igniterPredict, type IgniterGpu, type IgniterModel } from '../../contention/igniter.js';

/** One stream of requests for one model. */
export interface ShareDemand<Model> {
  name: string;
  model: Model;
  sloMs: number;
  rateRps: number;
}
export type IgniterDemand = ShareDemand<IgniterModel>;

/** A model that is served in batches of one size with a share of a GPU. */
export interface SharedModel<Model> {
  model: Model;
  batch: number;
  sharePercent: number;
}

/** What the provisioning asks about a GPU. */
export interface ShareOracle<Model> {
  /** Smallest batch that keeps up with the rate if a batch takes the whole budget. */
  batchFor(demand: ShareDemand<Model>, budgetMs: number): number;
  /** Least share with which this batch alone takes no longer than the budget; Infinity if none does. */
  leastShare(model: Model, batch: number, budgetMs: number): number;
  /** The next larger share that a process can have; Infinity after the whole GPU. */
  nextShare(sharePercent: number): number;
  /** What each of them gets while all are busy, in the order given. */
  together(residents: readonly SharedModel<Model>[]): { latencyMs: number; throughputRps: number }[];
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

interface Wanted<Model> extends ShareDemand<Model> {
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

/** The GPU as iGniter's own formulas have it. */
function igniterOracle(gpu: IgniterGpu, unitPercent: number): ShareOracle<IgniterModel> {
  return {
    // ⌈S R B / (B + d_load R)⌉
    batchFor({ model, rateRps }, budgetMs) {
      const perMs = rateRps / 1000;
      return Math.max(1, Math.ceil((budgetMs * perMs * gpu.pcie_bytes_per_ms) / (gpu.pcie_bytes_per_ms + model.load_bytes * perMs)));
    },
    leastShare(model, batch, budgetMs) {
      const { k1, k2, k3, k4, k5 } = model.active_ms;
      const leftMs = budgetMs - model.idle_ms - (batch * (model.load_bytes + model.feedback_bytes)) / gpu.pcie_bytes_per_ms - k5;
      if (leftMs <= 0) return Infinity;
      const share = (k1 * batch ** 2 + k2 * batch + k3) / leftMs - k4;
      return Math.max(1, Math.ceil(share / unitPercent - ROUNDING)) * unitPercent;
    },
    nextShare: (sharePercent) => sharePercent + unitPercent,
    together: (residents) => igniterPredict(gpu, residents.map(({ model, batch, sharePercent }) => ({ model, batch, share_percent: sharePercent }))),
  };
}

const total = (residents: readonly { sharePercent: number }[]): number => residents.reduce((sum, { sharePercent }) => sum + sharePercent, 0);

/** The residents with shares that hold all budgets, a unit more for each that does not, until all do; undefined if the GPU is too small. */
function grown<Model>(oracle: ShareOracle<Model>, residents: readonly Wanted<Model>[]): Wanted<Model>[] | undefined {
  const shares = residents.map((resident) => ({ ...resident }));
  for (;;) {
    if (total(shares) > WHOLE + ROUNDING) return undefined;
    const predicted = oracle.together(shares);
    const late = shares.filter(({ budgetMs }, i) => predicted[i].latencyMs > budgetMs);
    if (late.length === 0) return shares;
    for (const each of late) each.sharePercent = oracle.nextShare(each.sharePercent);
  }
}

/** Largest batch with which a workload that has the GPU to itself stays within its budget; 0 if not even one image does. */
function largestBatch<Model>(oracle: ShareOracle<Model>, model: Model, budgetMs: number, most: number): number {
  let batch = 0;
  while (batch < most && oracle.together([{ model, batch: batch + 1, sharePercent: WHOLE }])[0].latencyMs <= budgetMs) batch++;
  return batch;
}

/**
 * The plan: GPUs in the order in which they were opened, each with its residents in the order in which they came.
 *
 * @param mostBatch largest batch of a workload that has a GPU to itself
 * @throws RangeError if a demand cannot be met by a GPU of its own
 */
export function planShares<Model>(oracle: ShareOracle<Model>, demands: readonly ShareDemand<Model>[], mostBatch: number): IgniterShare[][] {
  const whole: Wanted<Model>[][] = [];
  const wanted = demands.flatMap((demand): Wanted<Model>[] => {
    const budgetMs = demand.sloMs / 2;
    let left = demand;
    for (;;) {
      const batch = oracle.batchFor(left, budgetMs);
      const alone = { ...left, batch, sharePercent: oracle.leastShare(left.model, batch, budgetMs), budgetMs };
      // The least share knows nothing of the power cap, which a large share may reach even alone: there the released program misses its budget.
      const held = grown(oracle, [alone]);
      if (held !== undefined) return held;
      const most = largestBatch(oracle, left.model, budgetMs, mostBatch);
      if (most === 0) throw new RangeError(`${demand.name}: one image alone takes longer than ${budgetMs} ms, half its SLO, on a whole GPU; a longer SLO is needed`);
      const capacity = oracle.together([{ model: left.model, batch: most, sharePercent: WHOLE }])[0].throughputRps;
      const rateRps = Math.min(left.rateRps, Math.ceil(PLANNED * capacity));
      whole.push([{ ...left, rateRps, batch: most, sharePercent: WHOLE, budgetMs }]);
      if (rateRps >= left.rateRps) return [];
      left = { ...left, rateRps: left.rateRps - rateRps };
    }
  });
  const open: Wanted<Model>[][] = [];
  // Ties stay in the order in which they were given.
  for (const next of [...wanted].sort((a, b) => b.sharePercent - a.sharePercent)) {
    let best: { at: number; residents: Wanted<Model>[]; growth: number } | undefined;
    for (const [at, residents] of open.entries()) {
      const together = grown(oracle, [...residents, next]);
      if (together === undefined) continue;
      const growth = total(together) - total(residents);
      if (best === undefined || growth < best.growth - ROUNDING) best = { at, residents: together, growth };
    }
    if (best === undefined) open.push([next]);
    else open[best.at] = best.residents;
  }
  return [...whole, ...open].map((residents) => {
    const predicted = oracle.together(residents);
    return residents.map(({ name, batch, sharePercent, rateRps }, i) => ({ name, batch, sharePercent, rateRps, latencyMs: predicted[i].latencyMs, throughputRps: predicted[i].throughputRps }));
  });
}

/**
 * The plan for a GPU whose coefficients are known: GPUs in the order in which they were opened, each with its residents in the order in which they came.
 *
 * @throws RangeError if a demand cannot be met by a GPU of its own
 */
export const igniterPlan = (gpu: IgniterGpu, demands: readonly IgniterDemand[], { unitPercent, mostBatch }: IgniterOptions): IgniterShare[][] =>
  planShares(igniterOracle(gpu, unitPercent), demands, mostBatch);


/** Share, in percent, of the standby process that takes over when a workload misses its P99: ten points more. */
export const igniterStandbyShare = (sharePercent: number): number => Math.min(WHOLE, sharePercent + 10);
