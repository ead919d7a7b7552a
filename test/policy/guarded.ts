import { definitionsOf, hire, systemOf } from '../../src/experiment/assemble.js';
import { sourcesOf } from '../../src/experiment/arrivals.js';
import { networkOf } from '../../src/experiment/networks.js';
import type {
  DecisionKind,
  DispatchCommands,
  DispatchView,
  Event,
  PlaceCommands,
  PlaceView,
  RetrainCommands,
  RetrainView,
  RouteCommands,
  RouteView,
  SelectCommands,
  SelectView,
} from '../../src/policy/contract.js';
import type { ResolvedAlternative } from '../../src/scenario/scenario.js';
import { Measurement, type Measured } from '../../src/measurement/measurement.js';
import { Simulator } from '../../src/simulator/simulator.js';

type Names<T> = Record<keyof T, true>;

// The type check keeps these complete and free of anything else.
const dispatchView: Names<DispatchView> = {
  lanes: true, accelerators: true, app: true, model: true, queued: true, headArrivedMs: true, headDeadlineMs: true, inFlight: true,
  idleWorker: true, firstStartable: true, training: true, soloMs: true, measuredMs: true, plannedBatch: true, active: true, shareOf: true, shareInUse: true,
};
const dispatchCommands: Names<DispatchCommands> = { start: true, spawn: true, rejectHead: true, rejectTail: true };
const retrainView: Names<RetrainView> = { jobs: true, state: true, acceleratorOf: true, epochs: true, epochMs: true, configurations: true, sharesOf: true, inferenceWork: true, labels: true, lastRight: true, estimate: true, standardError: true, epochsSinceDeploy: true, epochsPerDeploy: true };
const retrainCommands: Names<RetrainCommands> = { run: true, pause: true, stop: true, deploy: true, notice: true };
const placeView: Names<PlaceView> = {
  lanes: true, accelerators: true, jobs: true, siteOf: true, siteOfLane: true, siteOfJob: true, app: true, acceleratorName: true,
  variant: true, freeMiB: true, workerMiB: true, jobMiB: true, concurrency: true, model: true, soloMs: true, loadMs: true, queued: true, headArrivedMs: true,
  arrivalRateRps: true, workersOn: true, laneOf: true, shareOf: true, sloMs: true, measuredMs: true, measuredBatch: true, process: true, restedMs: true, residents: true,
  repository: true, isManagerLost: true, modelOf: true, newest: true, sizeMiB: true, stored: true, pulling: true, storageMiB: true, storageFreeMiB: true, versionOf: true, accuracy: true,
};
const placeCommands: Names<PlaceCommands> = { load: true, batch: true, evict: true, pull: true, discard: true, assign: true, refuse: true };
const routeView: Names<RouteView> = { ordinal: true, sitesOf: true, stageCount: true, isDevice: true, uploadMs: true, sloMs: true, lanesAt: true, isLoaded: true, loadMs: true, serviceMs: true, accuracy: true };
const routeCommands: Names<RouteCommands> = { visit: true, duplicate: true };

const selectView: Names<SelectView> = { lanes: true, cold: true, model: true, accuracy: true, profiledMs: true, profiledSdMs: true, measuredMs: true, measuredSdMs: true, queued: true, uploadMs: true, leftMs: true, sloMs: true };
const selectCommands: Names<SelectCommands> = { choose: true };

/** What the contract lets a policy of each decision look at, and say. */
export const contract: Record<DecisionKind, { view: object; commands: object }> = {
  route: { view: routeView, commands: routeCommands },
  select: { view: selectView, commands: selectCommands },
  dispatch: { view: dispatchView, commands: dispatchCommands },
  retrain: { view: retrainView, commands: retrainCommands },
  place: { view: placeView, commands: placeCommands },
};

export type Used = Record<DecisionKind, Set<string>>;

/** A desk that gives away only what is allowed, and notes what is used. */
function guard(desk: object, allowed: object, used: Set<string>): object {
  return new Proxy(desk, {
    get(target, name) {
      if (typeof name !== 'string' || !Object.hasOwn(allowed, name)) throw new Error(`a policy reached for "${String(name)}", which is not in its contract`);
      used.add(name);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set(_target, name) {
      throw new Error(`a policy wrote "${String(name)}"`);
    },
  });
}

/** Replication 0 of an alternative, with every policy behind a guard. @throws what the guard stopped */
export async function runGuarded(alternative: ResolvedAlternative): Promise<{ measured: Measured; used: Used }> {
  const { scenario } = alternative;
  const system = systemOf(alternative);
  const bundle = hire(alternative, system, await definitionsOf(alternative), scenario.seed, 0);
  const used: Used = { route: new Set(), select: new Set(), dispatch: new Set(), retrain: new Set(), place: new Set() };
  for (const kind of Object.keys(contract) as DecisionKind[]) {
    for (const { decision } of [bundle[kind]].flat()) {
      const on = decision.on.bind(decision) as (...given: unknown[]) => number;
      decision.on = (event: Event, subject: number, nowMs: number, view: object, out: object) =>
        on(event, subject, nowMs, guard(view, contract[kind].view, used[kind]), guard(out, contract[kind].commands, used[kind]));
    }
  }
  const measurement = new Measurement(system.apps.length, 0, false, undefined);
  const options = {
    seed: scenario.seed,
    replication: 0,
    network: await networkOf(alternative),
    horizonMs: (scenario.duration_s ?? Infinity) * 1000,
    warmUpMs: 0,
    drainMs: 60_000,
    refuseOutside: false,
  };
  const simulator = new Simulator(system, bundle, await sourcesOf(alternative, scenario.seed, 0), options, measurement);
  measurement.watch(simulator);
  await simulator.run();
  return { measured: measurement.result(), used };
}
