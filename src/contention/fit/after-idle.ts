import { isSolo, LOADING, type ObservedGroup } from './group.js';
import { momentsOf, type Moments } from './moments.js';

/** What an inference takes longer whose process had been idle before it. */
export interface IdleCost {
  /** A process that was idle for longer than this is meant. */
  idleMs: number;
  /** Numbers of inference processes that were measured, ascending, and what is added at each. */
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
/** What is added counts if it is so many standard errors above 0, or so large beside the work; else it may be chance. */
const SURE = 3;
const NOTABLE = 0.1;
/** Times of idleness that are tried, ms. Between two images that follow each other passes most of a millisecond. */
const IDLE_MS = [1, 2, 3, 5, 7, 10, 14, 20, 30, 50, 70, 100];

/** One open loop, and what its inferences would take if idleness cost nothing. */
interface Probe {
  processes: number;
  /** Images per ms of each process. */
  rate: number;
  /** Share of images that find their process idle. */
  idle: number;
  baseMs: number;
  excessMs: number;
  /** Standard error of the excess. */
  error: number;
  /** Of what is added to one image, if all of it is spread. */
  variance: number;
}

/**
 * What idleness costs, by inference model, from open loops (images at random, a Poisson process) and closed ones beside the same jobs.
 *
 * In an open loop of K processes, each with rate λ and busy for the share ρ of its time, n of the others are busy with a binomial probability, so that an
 * image would take T₀ = Σ P(n) T(n + 1) with the means T of closed loops. A share 1 − ρ of images finds its process idle, since when is exponential, so
 * that w is added with probability e^(−λθ) if it takes an idleness of θ:
 *
 *   T = T₀ + (1 − ρ) e^(−λθ) w
 *
 * θ is common to all numbers of processes, and found from rates that differ by least squares of relative errors; with one rate it is the least.
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
    const own = momentsOf(open);
    const busy = Math.min(1, rate * own.mean);
    const beside = Array.from({ length: others + 1 }, (_, n) => ({ share: binomial(others, n, busy), ...between(closed, n + 1) }));
    const sum = (value: (b: Moments & { share: number }) => number): number => beside.reduce((total, b) => total + b.share * value(b), 0);
    const baseMs = sum((b) => b.mean);
    const variance = sum((b) => b.variance + (b.mean - baseMs) ** 2);
    return [
      {
        processes: open.inferenceJobs,
        rate,
        idle: 1 - busy,
        baseMs,
        excessMs: own.mean - baseMs,
        error: Math.sqrt(own.variance / open.n + variance / closed.get(1)!.n),
        variance: Math.max(0, own.variance - variance),
      },
    ];
  });
}

function costOf(probes: readonly Probe[]): IdleCost | undefined {
  const sure = probes.filter((p) => p.idle > 0);
  if (!sure.some((p) => p.excessMs > SURE * p.error || p.excessMs > NOTABLE * p.baseMs)) return undefined;
  const processes = [...new Set(sure.map((p) => p.processes))].sort((a, b) => a - b);
  const share = (p: Probe, idleMs: number): number => p.idle * Math.exp(-p.rate * idleMs);
  const addedAt = (n: number, idleMs: number): number => {
    let [products, squares] = [0, 0];
    for (const p of sure) {
      if (p.processes !== n) continue;
      products += share(p, idleMs) * p.excessMs;
      squares += share(p, idleMs) ** 2;
    }
    return Math.max(0, products / squares);
  };
  const missed = (idleMs: number): number => sure.reduce((total, p) => total + ((p.excessMs - share(p, idleMs) * addedAt(p.processes, idleMs)) / p.baseMs) ** 2, 0);
  const tellsRates = processes.some((n) => new Set(sure.filter((p) => p.processes === n).map((p) => p.rate)).size > 1);
  const idleMs = tellsRates ? IDLE_MS.reduce((best, tried) => (missed(tried) < missed(best) ? tried : best), IDLE_MS[0]) : IDLE_MS[0];
  const addedMs = processes.map((n) => addedAt(n, idleMs));
  const lowest = processes.map((n) => sure.filter((p) => p.processes === n).reduce((a, b) => (b.rate < a.rate ? b : a)));
  return {
    idleMs,
    processes,
    addedMs,
    cv: Math.min(MOST_SPREAD, ...lowest.map((p, i) => spreadOf(p, share(p, idleMs), addedMs[i]))),
  };
}

/** More is a stall that one loop met. */
const MOST_SPREAD = 1.5;

/** From the variance of a cost w (1 + cv z) that comes with probability q: q w² (1 + cv²) − q² w². */
function spreadOf({ variance }: Probe, q: number, addedMs: number): number {
  if (addedMs === 0) return Infinity;
  return Math.sqrt(Math.max(0, (variance / (addedMs * addedMs) + q * q) / q - 1));
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
