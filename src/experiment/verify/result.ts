import type { Estimate, Verdict } from '../result.js';
import type { Decision } from './decision.js';
import type { Judged, Judgement, RealValues } from './judge.js';
import type { LoadEquivalent } from './load-equivalent.js';
import type { Speed } from './speed.js';

/** What `corun verify --format json` prints, and what its report is made from. */

/** One metric of one alternative. A side that has no value for it is absent. */
export interface VerifiedMetric extends Partial<Judged> {
  real?: RealValues;
  predicted?: Estimate;
  /** Absent where the metric is not judged, and then there is no verdict. */
  tolerance_percent?: number;
  /** The same prediction for a machine as fast as it was in the real runs: see `speed` of the verification. */
  at_speed?: number;
  /** What simpler predictors say: the same simulation as if neighbours cost nothing, and the measured times looked up without simulating. */
  naive: { no_contention?: number; looked_up?: number };
}

export interface VerifiedAlternative {
  name: string;
  /** `refused`: it was not run or not predicted, for the reason given. */
  verdict: Judgement | 'refused';
  refused?: string;
  /** Whether the simulation keeps up, as `corun compare` says. */
  predicted_load?: Verdict;
  /** Real runs that were finished. */
  runs: number;
  metrics: Record<string, VerifiedMetric>;
  load_equivalent?: LoadEquivalent;
  /** How late requests were sent, over all runs, in ms. */
  sender_late_ms?: { p50: number; p99: number; max: number };
  /** Models of the worker processes, by accelerator. */
  workers?: string[][];
  extrapolated_share?: number;
}

export interface Verification {
  schema: 'corun/verification@1';
  scenario: string;
  title?: string;
  seed: number | string;
  /** The command line that does it again. */
  command: string;
  backend: string;
  /** Names of the profiles that are verified. */
  profiles: string[];
  machine: { processor: string; processors: number; memory_gib: number; node: string };
  primary: string;
  runs: number;
  replications: number;
  noise_cap_percent: number;
  stopped: 'complete' | 'interrupted';
  verdict: Judgement | 'refused';
  alternatives: VerifiedAlternative[];
  /** How fast the machine was in the real runs beside what the profile says; absent where nothing could be timed alone. */
  speed?: Speed;
  /** With two alternatives or more. */
  decision?: Decision;
  /** What else a reader should know, in sentences. */
  notes: string[];
}

/** Latencies of one alternative over all its runs, real and predicted: bins by their upper edge. */
export interface TwoDistributions {
  alternative: string;
  real: { upper_ms: number[]; count: number[] };
  predicted: { upper_ms: number[]; count: number[] };
}

/** One request of a real run. Times in ms since its window began, absent where it never came to that. */
export interface RealRequest {
  alternative: string;
  run: number;
  app: string;
  due_ms: number;
  sent_ms: number;
  ended_ms?: number;
  outcome: string;
  slo_ms?: number;
}

export interface VerificationDetail {
  distributions: TwoDistributions[];
  requests: RealRequest[];
}
