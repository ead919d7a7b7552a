import { isSolo, LOADING, type ObservedCluster, type ObservedGroup } from './group.js';
import { momentsOf, type Moments } from './moments.js';

/** What an inference takes longer whose process had been idle before it. */
export interface IdleCost {
  /** Time constants of getting cold while idle, and warm again while at work; warm at once if 0. */
  coolsMs: number;
  warmsMs: number;
  /** Numbers of inference processes that were measured, ascending, and what is added at each to an image whose process is wholly cold. */
  processes: number[];
  addedMs: number[];
  /** Coefficient of variation of what is added. */
  cv: number;
}

export interface IdleCosts {
  alone?: IdleCost;
  besideTraining?: IdleCost;
}

/** Rows that a group needs. */
const FEWEST_ROWS = 20;
/** What is added counts if it is so many standard errors above 0; else it may be chance. */
const SURE = 3;
/** Time constants that are tried, ms. */
const COOLS_MS = [1, 2, 3, 5, 7, 10, 14, 20, 30, 50, 70, 100];
const WARMS_MS = [0, 2, 4, 8, 16, 32];
/** One more parameter has to make the misfit so much less: 95 % of a χ² distribution with one degree of freedom. */
const WORTH_A_PARAMETER = 3.84;
/** Standard deviation of the level of a process from that of another in the same situation: where its memory lies, how its code was compiled, what the machine did. */
const LEVEL = 0.05;
/** Rows so many times longer than the middle are stalls, which idleness does not make. */
const STALL = 10;

/** The rows of one process in an open loop, and what they would take if idleness cost nothing. */
interface Probe {
  processes: number;
  rowsMs: Float64Array;
  idleMs: Float64Array;
  baseMs: number;
  /** Of a row: as in closed loops, or as here where that is more. */
  variance: number;
  /** Of its level. */
  levelVariance: number;
}

/**
 * What idleness costs, by inference model, from the rows of open loops (images at random) and closed loops beside the same jobs.
 *
 * A process that has nothing to do for the time g gets cold, c ← 1 − (1 − c) e^(−g / cools), and warm again by work of the time d, c ← c e^(−d / warms);
 * an image that meets it takes w c longer, with w by the number of processes. In an open loop of K processes, each busy for the share ρ of its time, n of
 * the others are busy with a binomial probability, so that an image without idleness takes T₀ = Σ P(n) T(n + 1) with the means T of closed loops. What
 * remains is regressed on c, row by row; the level of each process is random with a standard deviation of 5 %, so that what differs within a process
 * counts more than what differs from one to another. Both time constants are those of the least misfit, common to all numbers of processes.
 */
export function idleCosts(groups: readonly ObservedGroup[]): Map<string, IdleCosts> {
  const singles = groups.filter((g) => g.workload === 'inference' && (g.units ?? 1) === 1 && g.phase !== LOADING && g.neighbours === undefined && g.sharePercent === undefined);
  const out = new Map<string, IdleCosts>();
  for (const model of new Set(singles.filter((g) => g.mode === 'open').map((g) => g.model))) {
    const own = singles.filter((g) => g.model === model);
    const batch = Math.min(...own.filter(isSolo).map((g) => g.batch ?? 1));
    const alike = own.filter((g) => (g.batch ?? 1) === batch);
    const [alone, besideTraining] = [false, true].map((beside) => costOf(probesOf(alike.filter((g) => g.trainingJobs > 0 === beside))));
    if (alone !== undefined || besideTraining !== undefined) out.set(model, { ...(alone && { alone }), ...(besideTraining && { besideTraining }) });
  }
  return out;
}

/** The open loops of one model, all of them beside training or none; each beside its own training job. */
function probesOf(groups: readonly ObservedGroup[]): Probe[] {
  const job = (g: ObservedGroup): string => `${g.trainingModel ?? ''} ${g.trainingBatch ?? ''} ${g.phase === 'evaluate' ? 'evaluate' : ''}`;
  return groups.flatMap((open): Probe[] => {
    if (open.mode !== 'open' || open.n < FEWEST_ROWS) return [];
    const closed = new Map<number, Moments>();
    for (const g of groups) if (g.mode !== 'open' && job(g) === job(open)) closed.set(g.inferenceJobs, momentsOf(g));
    if (!closed.has(1)) return [];
    const others = open.inferenceJobs - 1;
    const rate = (open.offeredRps ?? 0) / 1000 / open.inferenceJobs;
    const busy = Math.min(1, rate * momentsOf(open).mean);
    const beside = Array.from({ length: others + 1 }, (_, n) => ({ share: binomial(others, n, busy), ...between(closed, n + 1) }));
    const sum = (value: (b: Moments & { share: number }) => number): number => beside.reduce((total, b) => total + b.share * value(b), 0);
    const baseMs = sum((b) => b.mean);
    const variance = sum((b) => b.variance + (b.mean - baseMs) ** 2);
    const fromClosed = Math.min(...beside.map((b) => b.n));
    return open.clusters.flatMap((cluster) => {
      if (cluster.idleMs === undefined || cluster.n < 2) return [];
      const rows = withoutStalls(cluster);
      const own = momentsOf({ clusters: [{ ...cluster, keptMs: rows.rowsMs }] }).variance;
      return [{ processes: open.inferenceJobs, ...rows, baseMs, variance: Math.max(variance, own), levelVariance: (LEVEL * baseMs) ** 2 + variance / fromClosed }];
    });
  });
}

/** A stall counts as the longest that is none: the rows around it are still there in their order. */
function withoutStalls({ keptMs, idleMs }: ObservedCluster): Pick<Probe, 'rowsMs' | 'idleMs'> {
  const longest = STALL * keptMs.slice().sort()[Math.floor(keptMs.length / 2)];
  return { rowsMs: keptMs.map((ms) => Math.min(ms, longest)), idleMs: idleMs! };
}

/** How cold the process is at each row. The time before the first is not known; it is taken to be warm, as after warming up, and does not count. */
function coldness({ rowsMs, idleMs }: Probe, coolsMs: number, warmsMs: number): Float64Array {
  const cold = new Float64Array(rowsMs.length);
  let c = 0;
  for (let i = 1; i < cold.length; i++) {
    c = warmsMs === 0 ? 0 : c * Math.exp(-rowsMs[i - 1] / warmsMs);
    c = 1 - (1 - c) * Math.exp(-idleMs[i] / coolsMs);
    cold[i] = c;
  }
  return cold;
}

/** Sums of a weighted regression through the origin of what rows take longer on how cold they are. */
interface Sums {
  xx: number;
  xy: number;
  yy: number;
}

function sumsOf(probe: Probe, cold: Float64Array): Sums {
  const { rowsMs, baseMs, variance, levelVariance } = probe;
  const n = rowsMs.length - 1;
  let [x, y, xx, xy, yy] = [0, 0, 0, 0, 0];
  for (let i = 1; i <= n; i++) {
    const over = rowsMs[i] - baseMs;
    x += cold[i];
    y += over;
    xx += cold[i] * cold[i];
    xy += cold[i] * over;
    yy += over * over;
  }
  // The inverse of the covariance of rows with a common level: (1 − k 1 1ᵀ) / variance.
  const k = levelVariance / (variance + n * levelVariance);
  return { xx: (xx - k * x * x) / variance, xy: (xy - k * x * y) / variance, yy: (yy - k * y * y) / variance };
}

/** At two time constants: the cost by number of processes, its standard error, and what is left of all squares. */
interface Tried {
  coolsMs: number;
  warmsMs: number;
  costs: { processes: number; addedMs: number; error: number }[];
  misfit: number;
}

function costOf(probes: readonly Probe[]): IdleCost | undefined {
  if (probes.length === 0) return undefined;
  const processes = [...new Set(probes.map((p) => p.processes))].sort((a, b) => a - b);
  const at = (coolsMs: number, warmsMs: number): Tried => {
    const all = probes.map((probe) => ({ probe, ...sumsOf(probe, coldness(probe, coolsMs, warmsMs)) }));
    const costs = processes.map((n) => {
      const own = all.filter(({ probe }) => probe.processes === n);
      const [xx, xy] = [own.reduce((sum, s) => sum + s.xx, 0), own.reduce((sum, s) => sum + s.xy, 0)];
      return { processes: n, addedMs: xx > 0 ? Math.max(0, xy / xx) : 0, error: xx > 0 ? 1 / Math.sqrt(xx) : Infinity };
    });
    const costAt = new Map(costs.map((c) => [c.processes, c.addedMs]));
    const misfit = all.reduce((sum, { probe, xx, xy, yy }) => {
      const w = costAt.get(probe.processes)!;
      return sum + yy - 2 * w * xy + w * w * xx;
    }, 0);
    return { coolsMs, warmsMs, costs, misfit };
  };
  const least = (all: readonly Tried[]): Tried => all.reduce((best, tried) => (tried.misfit < best.misfit ? tried : best));
  const [atOnce, slowly] = [true, false].map((isAtOnce) => least(COOLS_MS.flatMap((cools) => WARMS_MS.filter((warms) => (warms === 0) === isAtOnce).map((warms) => at(cools, warms)))));
  const best = atOnce.misfit - slowly.misfit > WORTH_A_PARAMETER ? slowly : atOnce;
  if (!best.costs.some(({ addedMs, error }) => addedMs > SURE * error)) return undefined;
  return { coolsMs: best.coolsMs, warmsMs: best.warmsMs, processes, addedMs: best.costs.map(({ addedMs }) => addedMs), cv: spreadOf(probes, best) };
}

/** More is not idleness. */
const MOST_SPREAD = 1.5;

/** From what rows scatter the more, the colder they are: cv² is the slope of squared residuals, each process about its own level, on (w c)². */
function spreadOf(probes: readonly Probe[], { coolsMs, warmsMs, costs }: Tried): number {
  let [n, x, y, xx, xy] = [0, 0, 0, 0, 0];
  for (const probe of probes) {
    const cold = coldness(probe, coolsMs, warmsMs);
    const { addedMs } = costs.find((c) => c.processes === probe.processes)!;
    const left = Array.from(probe.rowsMs.subarray(1), (ms, i) => ms - addedMs * cold[i + 1]);
    const level = left.reduce((sum, ms) => sum + ms, 0) / left.length;
    left.forEach((ms, i) => {
      const [size, square] = [(addedMs * cold[i + 1]) ** 2, (ms - level) ** 2];
      n++;
      x += size;
      y += square;
      xx += size * size;
      xy += size * square;
    });
  }
  const slope = (n * xy - x * y) / (n * xx - x * x);
  return slope > 0 ? Math.min(MOST_SPREAD, Math.sqrt(slope)) : 0;
}

/** At a number of jobs that may lie between those that were measured. */
function between(measured: ReadonlyMap<number, Moments>, jobs: number): Moments {
  const known = [...measured.keys()].sort((a, b) => a - b);
  const above = known.find((n) => n >= jobs);
  if (above === undefined) return measured.get(known.at(-1)!)!;
  const below = known.findLast((n) => n <= jobs)!;
  const [low, high] = [measured.get(below)!, measured.get(above)!];
  const part = above === below ? 0 : (jobs - below) / (above - below);
  return { mean: low.mean + part * (high.mean - low.mean), variance: low.variance + part * (high.variance - low.variance), n: Math.min(low.n, high.n) };
}

/** Probability that n of so many are busy. */
function binomial(of: number, n: number, busy: number): number {
  let probability = 1;
  for (let i = 0; i < n; i++) probability *= (busy * (of - i)) / (i + 1);
  for (let i = n; i < of; i++) probability *= 1 - busy;
  return probability;
}
