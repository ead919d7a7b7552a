import type { drifts } from '../learning/drifts.js';
import type { Profile } from '../profile/schema.js';

/** What there is to control: indices in these lists are the ids that policies and drivers use. */
export interface System {
  apps: readonly AppSpec[];
  /**
   * `device`: the phones of the clients, each of which runs its own requests only. `elsewhere`: run by another process; this one
   * sends requests there and hears what becomes of them, and decides nothing there. A device in a system with such sites is one phone.
   */
  sites: readonly { name: string; device?: boolean; elsewhere?: boolean }[];
  accelerators: readonly AcceleratorSpec[];
  /**
   * `epochsPerDeploy` and `labelWindow`: for a job that really learns, where `learning` says nothing of them. `leastStretchMs`: it makes
   * steps in a row for so long before it hears that it is to pause; one step if left out.
   */
  jobs: readonly { model: string; site: number; epochsPerDeploy?: number; labelWindow?: number; leastStretchMs?: number }[];
  supervision: Supervision;
  /** Models that drift, and how they learn; also those that an alternative never retrains. */
  learning?: readonly LearningSpec[];
  /** Without one every site has every model. */
  repository?: RepositorySpec;
}

/** Models that sites pull into their storage. */
export interface RepositorySpec {
  models: readonly {
    name: string;
    /** In order of time, at least one; the first is there from the beginning. Accuracies are fractions. */
    versions: readonly RepositoryVersion[];
    /** Newest version when the run begins, from 1; 1 if left out. */
    newest?: number;
  }[];
  /** Storage of each site; Infinity without a limit. */
  capacityMiB: readonly number[];
  /** Version of each model that lies in each site's storage before the placement is asked, by site and model; 0 for none. Nothing if left out. */
  stored?: readonly (readonly number[])[];
  /** The manager cannot be reached when the run begins, so the placement finds what is stored and no more. */
  away?: boolean;
}

/** A version of a model; accuracies are fractions. */
export interface RepositoryVersion {
  /** When it comes out; 0 for one that was not foreseen. */
  atMs: number;
  sizeMiB: number;
  accuracy?: number;
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
  /** Further ways of training, of which a policy may choose one at each start. */
  configurations?: readonly { name: string; ceiling: number; halfGapEpochs: number; epochFactor: number }[];
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
  /** Stations that a request visits in turn. */
  stages: readonly StageSpec[];
}

export interface StageSpec {
  /** The first, or only, variant. */
  model: string;
  /** Sites that can run the stage, with any variant. */
  sites: readonly number[];
  /** Models that can answer in its place, the first included; only `model` if left out. */
  variants?: readonly VariantSpec[];
}

/** One of several models for the same stage. */
export interface VariantSpec {
  model: string;
  /** Sites that can run this one. */
  sites: readonly number[];
  /** A fraction; by default the profile's. */
  accuracy?: number;
}

export interface AcceleratorSpec {
  name: string;
  site: number;
  profile: Profile & { name: string };
}

/** The queue of one app, stage and variant at one site. */
export interface LaneSpec {
  app: number;
  stage: number;
  site: number;
  /** Position among the variants that this site can run, from 0. */
  variant: number;
  model: string;
  /** A fraction; undefined where nobody says. */
  accuracy: number | undefined;
}

/** Lanes in the order app, stage, site, variant: a lane's position is its id, and those of one stage's variants at a site are neighbours. */
export function lanesOf({ apps, accelerators }: System): LaneSpec[] {
  return apps.flatMap(({ stages }, app) =>
    stages.flatMap(({ model: first, sites, variants = [{ model: first, sites }] }, stage) =>
      sites.flatMap((site) =>
        variants
          .filter((variant) => variant.sites.includes(site))
          .map(({ model, accuracy }, variant) => {
            const profiled = accelerators.find((a) => a.site === site && a.profile.models[model] !== undefined)?.profile.models[model].accuracy;
            return { app, stage, site, variant, model, accuracy: accuracy ?? profiled };
          }),
      ),
    ),
  );
}
