import type { drifts } from '../learning/drifts.js';
import type { Profile } from '../profile/schema.js';

/** What there is to control: indices in these lists are the ids that policies and drivers use. */
export interface System {
  apps: readonly AppSpec[];
  sites: readonly { name: string }[];
  accelerators: readonly AcceleratorSpec[];
  jobs: readonly { model: string; site: number }[];
  supervision: Supervision;
  /** Models that drift, and how they learn; also those that an alternative never retrains. */
  learning?: readonly LearningSpec[];
}

/** How one model learns and how its world drifts. Accuracies and shares are fractions. */
export interface LearningSpec {
  /** The retraining job, NONE where it is never to run. */
  job: number;
  /** Apps that the model answers. */
  apps: readonly number[];
  initialAccuracy: number;
  ceiling: number;
  floor: number;
  halfGapEpochs: number;
  epochsPerDeploy: number;
  startMs: number;
  /** Length of an epoch over the one in the profile; 1 where it is not there. */
  epochFactor?: number;
  labelShare: number;
  labelDelayMs: number;
  labelWindow: number;
  validationImages: number;
  drift: { kind: keyof typeof drifts; [option: string]: unknown };
}

/** What is done about processes that die or hang. */
export interface Supervision {
  /** How often a stage of a request is tried again after its worker, or its site, was lost. */
  retries: number;
  /** Pause before a dead worker is started again; it doubles with each attempt in vain, up to the longest. */
  restartAfterMs: number;
  longestRestartMs: number;
  /** A worker that has been at one batch or load for so long is taken for hung, and killed; Infinity where none is watched. */
  hangAfterMs: number;
}

export interface AppSpec {
  name: string;
  /** Allowed time from birth to answer; Infinity without an SLO. */
  sloMs: number;
  /** Stations that a request visits in turn, each with the sites that can run it. */
  stages: readonly { model: string; sites: readonly number[] }[];
}

export interface AcceleratorSpec {
  name: string;
  site: number;
  profile: Profile & { name: string };
}

/** The queue of one app and stage at one site. */
export interface LaneSpec {
  app: number;
  stage: number;
  site: number;
  model: string;
}

/** Lanes in the order app, stage, site: a lane's position is its id. */
export function lanesOf(system: System): LaneSpec[] {
  return system.apps.flatMap(({ stages }, app) =>
    stages.flatMap(({ model, sites }, stage) => sites.map((site) => ({ app, stage, site, model }))),
  );
}
