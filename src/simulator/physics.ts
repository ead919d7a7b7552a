import type { ActivityClass } from '../contention/contract.js';
import { epochMsOf } from '../control/epoch-time.js';
import type { TrainingChoice } from '../policy/contract.js';
import type { AcceleratorSpec, LaneSpec, System } from '../control/system.js';
import { afterIdle, type AfterIdle } from '../profile/after-idle.js';
import { batchMs } from '../profile/batch.js';
import { bindContention } from '../profile/contention.js';
import { capacityMiB } from '../profile/memory.js';
import { legalShares, stretchOf } from '../profile/share-cost.js';
import { aloneMs } from '../profile/shares.js';
import { powerCurve } from '../profile/power.js';
import { spreadQuantile } from '../random/service.js';
import { MixGraph, OWN_CLASSES } from './mix.js';

/** Batch sizes whose solo time is looked up instead of interpolated. */
const TABULATED = 65;

/** How one lane's work behaves on one accelerator. */
export interface LanePhysics {
  class: number;
  /** Mean solo time of a batch of n. */
  soloMs(n: number): number;
  /** Uniform draw to a factor with mean 1. */
  spread: (u: number) => number;
  isSpread: boolean;
  hostMs: number;
  /** What is added where its process was idle before; undefined where the profile says nothing of it. */
  afterIdle: AfterIdle | undefined;
  loadMs: number;
  memoryMiB: number;
}

/** How one retraining job behaves on one accelerator. */
export interface JobPhysics {
  class: number;
  epochMs: number;
  memoryMiB: number;
  sliceBusy: number;
  sliceMs: number;
  /** Work between two moments at which the job hears that it is to pause; undefined where the profile says nothing of steps. */
  stretchMs: number | undefined;
}

/** What the profile of one accelerator says, laid out for the simulator; lanes and jobs that it does not know are undefined. */
export interface Physics {
  graph: MixGraph;
  /** Classes in order: host, wait, inference from `OWN_CLASSES`, training from here, then training with shares, loading, then inference with shares. */
  firstTrainingClass: number;
  loadingClass: number;
  memoryMiB: number;
  fixedMiB: number;
  /** Length of the stretches in which neighbours take turns; 0 where they run evenly. */
  turnMs: number;
  lanes: (LanePhysics | undefined)[];
  /** Those of a worker that has a share of the accelerator. */
  withShare(lane: number, sharePercent: number): LanePhysics;
  /** Undefined if the profile does not know its model. */
  job(job: number, choice: TrainingChoice): JobPhysics | undefined;
}

/** As many whole steps, one at least, as take so long. */
const stretchMs = (stepMs: number, leastMs: number): number => Math.max(1, Math.ceil(leastMs / stepMs)) * stepMs;

/** Lays out one accelerator's profile; accelerators of one site and profile share the result. */
export function physicsOf(system: System, laneSpecs: readonly LaneSpec[], { site, profile: given }: AcceleratorSpec): Physics {
  // Each request on a device has one to itself, so that neighbours and the sum of memories are nobody's.
  const profile = system.sites[site].device === true ? { ...given, accelerator: undefined, contention: undefined } : given;
  const models = [...new Set(laneSpecs.filter((l) => l.site === site && profile.models[l.model]).map((l) => l.model))];
  const trained = [...new Set(system.jobs.filter((j) => j.site === site && profile.training?.[j.model]).map((j) => j.model))];
  const classes: ActivityClass[] = [
    ...models.map((model) => ({ kind: 'inference' as const, model })),
    ...trained.map((model) => ({ kind: 'training' as const, model })),
    ...trained.flatMap((model) => legalShares(profile).map((sharePercent) => ({ kind: 'training' as const, model, sharePercent }))),
    { kind: 'loading', model: 'any' },
    ...models.flatMap((model) => legalShares(profile).map((sharePercent) => ({ kind: 'inference' as const, model, sharePercent }))),
  ];
  const classOf = (kind: ActivityClass['kind'], model: string, sharePercent?: number) =>
    OWN_CLASSES + classes.findIndex((c) => c.kind === kind && c.model === model && c.sharePercent === sharePercent);
  const shared = new Map<string, LanePhysics>();
  const lanes = lanePhysics();
  return {
    graph: new MixGraph(bindContention(profile, classes), classes.length, profile.accelerator?.host_cores ?? Infinity, powerCurve(profile)),
    firstTrainingClass: OWN_CLASSES + models.length,
    loadingClass: classOf('loading', 'any'),
    memoryMiB: capacityMiB(profile),
    fixedMiB: profile.accelerator?.fixed_mib ?? 0,
    turnMs: profile.turn_ms ?? 0,
    lanes,
    withShare(lane, sharePercent) {
      const key = `${lane} ${sharePercent}`;
      let physics = shared.get(key);
      if (physics === undefined) {
        const { model } = laneSpecs[lane];
        const table = Float64Array.from({ length: TABULATED }, (_, n) => (n === 0 ? 0 : aloneMs(profile, { model, batch: n, sharePercent })));
        physics = { ...lanes[lane]!, class: classOf('inference', model, sharePercent), soloMs: (n) => (n < TABULATED ? table[n] : aloneMs(profile, { model, batch: n, sharePercent })) };
        shared.set(key, physics);
      }
      return physics;
    },
    job(job, choice) {
      const { model, site: jobSite, leastStretchMs = 0 } = system.jobs[job];
      const training = jobSite === site ? profile.training?.[model] : undefined;
      if (training === undefined) return undefined;
      return {
        class: classOf('training', model, choice.sharePercent),
        epochMs: epochMsOf(system, profile, job, choice),
        memoryMiB: training.memory_mib ?? 0,
        sliceBusy: training.slice?.busy ?? 0,
        sliceMs: training.slice?.length_ms ?? 0,
        stretchMs: training.step_ms && stretchMs(training.step_ms * (choice.sharePercent === undefined ? 1 : stretchOf(profile, choice.sharePercent)), leastStretchMs),
      };
    },
  };

  function lanePhysics(): (LanePhysics | undefined)[] {
    return laneSpecs.map(({ model, site: laneSite }) => {
      const inference = laneSite === site ? profile.models[model] : undefined;
      if (inference === undefined) return undefined;
      const spread = inference.spread ?? { distribution: 'deterministic' };
      const table = Float64Array.from({ length: TABULATED }, (_, n) => (n === 0 ? 0 : batchMs(inference, n)));
      return {
        class: classOf('inference', model),
        soloMs: (n) => (n < TABULATED ? table[n] : batchMs(inference, n)),
        spread: spreadQuantile(spread),
        isSpread: spread.distribution !== 'deterministic',
        hostMs: inference.host_ms ?? 0,
        afterIdle: afterIdle(inference),
        loadMs: inference.load_ms ?? 0,
        memoryMiB: inference.memory_mib ?? 0,
      };
    });
  }
}
