import type { FineTuning } from './fine-tuning.js';
import type { Learning } from './learning.js';
import type { TrainingImages } from './training-images.js';
import type { Fault } from '../faults/fault.js';
import type { DecisionKind } from '../policy/contract.js';
import type { PolicyChoice } from '../policy/load.js';
import type { formats } from '../trace/formats.js';
import type { SurvivalTable } from '../trace/network/delays/survival.js';
import type { Image } from '../trace/network/payload.js';
import type { NamedProfile } from '../profile/load.js';
import type { MetricName } from './metrics.js';

export type { PolicyChoice } from '../policy/load.js';
export type { NamedProfile } from '../profile/load.js';

/** An arrival process with its options: `{ process: 'poisson', rate_rps: 10 }`. */
export interface GeneratorChoice {
  process: string;
  [option: string]: unknown;
}

/** A trace format with its options: `{ format: 'corun-csv', file: '/…/requests.csv' }`; the file's path is absolute. */
export interface TraceChoice {
  format: keyof typeof formats;
  file?: string;
  [option: string]: unknown;
}

export interface Clients {
  count: number;
  think_ms: number;
  think: 'fixed' | 'exponential';
  /** Shortest pause after a request that was turned away or failed. */
  retry_after_ms: number;
  /** Per client. */
  requests?: number;
}

/** One of several models for the same stage: where it may run, by default wherever it is known; its accuracy, by default the profile's. */
export interface Variant {
  model: string;
  site?: string;
  accuracy?: number;
}

export interface Stage {
  /** The first, or only, variant. */
  model: string;
  /** All of them, the first included, where the scenario lists variants. */
  variants?: Variant[];
  /** There where only this one may run the stage. */
  site?: string;
  output_bytes?: number;
}

/** One app. Exactly one of `arrivals`, `trace` and `clients` is there. */
export interface Workload {
  app: string;
  /** The models in series, at least one. */
  stages: Stage[];
  slo_ms?: number;
  arrivals?: GeneratorChoice;
  trace?: TraceChoice;
  clients?: Clients;
  /** The phones of apps with the same cell share their links. */
  cell?: string;
  /** At most one of `image` and `upload_bytes` is there. */
  image?: Image;
  upload_bytes?: number;
  answer_bytes?: number;
}

/** One link in one direction: at most one of the delays, at most one of `rate_mbps` and `trace`. The path is absolute, a table has been read. */
export interface Link {
  fixed_ms?: number;
  normal?: { mean_ms: number; sd_ms: number };
  survival?: SurvivalTable;
  rate_mbps?: number;
  trace?: string;
  start?: 'beginning' | 'random';
  queue_packets?: number;
}

export interface Links {
  up?: Link;
  down?: Link;
}

export interface Network extends Links {
  /** The way down is as the way up was, the delay included; then there is no `down` and no cell. */
  symmetric?: boolean;
  /** Links of single cells, where they differ. */
  cells?: Record<string, Links>;
  between_sites?: Link;
}

export interface Accelerator {
  name?: string;
  profile: NamedProfile;
  count: number;
  price_usd_per_hour?: number;
}

export interface Retraining {
  model: string;
  batch: number;
  site: string;
  /** Whose answers it improves; by default the apps that its model answers. */
  app?: string;
  learning?: Learning;
  /** What it learns from and how, when it is served for real; places are absolute. */
  data?: TrainingImages;
  fine_tune?: FineTuning;
}

/** A central place from which sites pull models. */
export interface Repository {
  models: { model: string; versions: { at_s: number; size_mib: number; accuracy?: number }[] }[];
  link?: Link;
}

/** What is done about processes that die or hang. */
export interface Supervision {
  retries: number;
  restart_after_s: number;
  longest_restart_s: number;
  /** Undefined: nobody watches. */
  hang_after_s?: number;
}

export interface Measure {
  primary: MetricName;
  /** Further metrics of which differences are wanted. */
  metrics: MetricName[];
  replications: { min: number; max: number; relative_half_width: number };
  /** Draws of what the profiles leave open that are simulated too. */
  parameter_draws: number;
  warm_up: 'none' | 'auto';
  /** How long answers are still waited for after the last request; without it a minute, or ten times the longest SLO if that is more. */
  drain_s?: number;
}

/** A scenario ready to be run: defaults filled in, profiles loaded, paths absolute. Plain data. */
export interface Scenario {
  schema: 'corun/scenario@1';
  title?: string;
  duration_s?: number;
  workload: Workload[];
  network: Network;
  /** `device`: the phones of the clients. */
  sites: { name: string; device?: boolean; accelerators: Accelerator[]; network?: Links; storage_mib?: number }[];
  repository?: Repository;
  /** Empty without retraining. */
  retraining: Retraining[];
  faults: Fault[];
  supervision: Supervision;
  extrapolation: 'refuse' | 'label';
  measure: Measure;
  seed: number | string;
}

/** One alternative with everything that a run needs. Plain data, so that it can be sent to a worker thread. */
export interface ResolvedAlternative {
  name: string;
  /** After this alternative's `set`. */
  scenario: Scenario;
  /** One entry per piece, `count` expanded, in the order of the scenario; `site` is an index of `scenario.sites`. */
  accelerators: { site: number; name: string; profile: NamedProfile; priceUsdPerHour?: number }[];
  policies: Record<DecisionKind, PolicyChoice>;
}
