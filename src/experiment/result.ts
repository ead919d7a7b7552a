import type { RunRecord } from '../measurement/recorder.js';

/** What `corun compare --format json` prints, and what the report, the CSV files and `summary.json` are made from. */

export interface Estimate {
  mean: number;
  /** 95 % interval of the mean over replications: Monte-Carlo error only. */
  ci95: [number, number];
  /** With the uncertainty of the contention fit added; absent where the profile states none. */
  interval95_model?: [number, number];
  /** How many replications have a value, where not all have one. */
  replications?: number;
}

/** Metric names are listed and defined in docs/metrics.md. A metric that a scenario cannot produce is absent. */
export type Metrics = Record<string, Estimate>;

export type Verdict = 'stable' | 'backlogged' | 'overloaded' | 'refused';

export interface AlternativeResult {
  name: string;
  verdict: Verdict;
  /** Why nothing was predicted. */
  refused?: string;
  /** Share of time outside the measured domain, where the scenario allows that; with what was outside. */
  extrapolated_share?: number;
  extrapolated_reason?: string;
  /** The bundle of decisions, by policy name, as it ran. */
  decisions: Record<string, string>;
  /** What the policies found out, for example the K of an offline search. */
  facts?: Record<string, number | string>;
  /** Growth of the backlog, requests per second: the test behind the verdict. */
  backlog_slope_rps?: Estimate;
  metrics: Metrics;
  /** Per app: attainment, latency and throughput. */
  apps?: Record<string, Metrics>;
  /** Per app that has variants: share of its answers by model, mean over replications. */
  variants?: Record<string, Record<string, number>>;
}

export interface Difference {
  a: string;
  b: string;
  metric: string;
  /** Mean of a − b over paired replications. */
  mean: number;
  ci95: [number, number];
  /** Two-sided paired t test, Holm-corrected over all differences of the same metric. */
  p_value: number;
  /** Probability that a is better than b in the mean, given the replications. */
  p_a_better: number;
}

export interface Comparison {
  schema: 'corun/comparison@1';
  scenario: string;
  title?: string;
  seed: number | string;
  /** The command line that gives this result again. */
  command?: string;
  primary: string;
  replications: number;
  /** Why it stopped: the interval was narrow enough, the maximum was reached, it was interrupted, or every alternative was refused. */
  stopped: 'precise' | 'maximum' | 'interrupted' | 'refused';
  warm_up_s?: number;
  alternatives: AlternativeResult[];
  differences: Difference[];
  /** Chance of each alternative to have the best mean of the primary metric; refused ones are absent. */
  best: Record<string, number>;
  /** Profiles that the numbers rest on, with their assumptions. */
  /** What else a reader should know, in sentences. */
  notes?: string[];
  profiles: { name: string; source: string[]; assumptions: string[] }[];
}

export type { RequestRow, Span } from '../measurement/recorder.js';

/** What replication 0 of an alternative looked like in detail; thinned where it was long. */
export interface Recording extends RunRecord {
  alternative: string;
}

/** Latency distribution over all replications, as a histogram with the bins' upper edges. */
export interface Distribution {
  alternative: string;
  upper_ms: number[];
  count: number[];
}

export interface Detail {
  recordings: Recording[];
  distributions: Distribution[];
}
