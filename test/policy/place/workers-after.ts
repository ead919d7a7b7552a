import { definitionsOf, hire, systemOf } from '../../../src/experiment/assemble.js';
import { sourcesOf } from '../../../src/experiment/arrivals.js';
import { networkOf } from '../../../src/experiment/networks.js';
import { WorkerState } from '../../../src/control/worker.js';
import { Measurement } from '../../../src/measurement/measurement.js';
import type { ResolvedAlternative } from '../../../src/scenario/scenario.js';
import { Simulator } from '../../../src/simulator/simulator.js';

/** The workers that live at the end of a run of replication 0: app, accelerator, share in percent, and the batch that is planned for their lane. */
export async function workersAfter(alternative: ResolvedAlternative): Promise<{ app: string; accelerator: number; sharePercent: number | undefined; batch: number }[]> {
  const { scenario } = alternative;
  const system = systemOf(alternative);
  const bundle = hire(alternative, system, await definitionsOf(alternative), scenario.seed, 0);
  const measurement = new Measurement(system.apps.length, 0, false, undefined);
  const options = { seed: scenario.seed, replication: 0, network: await networkOf(alternative), horizonMs: (scenario.duration_s ?? Infinity) * 1000, warmUpMs: 0, drainMs: 60_000, refuseOutside: false };
  const simulator = new Simulator(system, bundle, await sourcesOf(alternative, scenario.seed, 0), options, measurement);
  measurement.watch(simulator);
  await simulator.run();
  const { workers, laneSpecs, plannedBatch } = simulator.control;
  return workers
    .filter(({ state, leaving }) => state !== WorkerState.dead && !leaving)
    .map(({ lane, accelerator, sharePercent }) => ({ app: system.apps[laneSpecs[lane].app].name, accelerator, sharePercent, batch: plannedBatch[lane] }));
}
