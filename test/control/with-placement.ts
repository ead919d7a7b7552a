import { sourcesOf } from '../../src/experiment/arrivals.js';
import { definitionsOf, hire, systemOf } from '../../src/experiment/assemble.js';
import { networkOf } from '../../src/experiment/networks.js';
import type { DecisionOf, PolicyDefinition } from '../../src/policy/contract.js';
import type { ResolvedAlternative } from '../../src/scenario/scenario.js';
import { Measurement, type Measured } from '../../src/simulator/measurement.js';
import { Recorder, type RunRecord } from '../../src/simulator/recorder.js';
import { Simulator } from '../../src/simulator/simulator.js';

export type Placing = DecisionOf<'place'>['on'];

/** Replication 0 of an alternative with this placement instead of its own. */
export async function runWithPlacement(
  alternative: ResolvedAlternative,
  on: Placing,
  definition: Pick<PolicyDefinition<'place'>, 'events' | 'restores'>,
): Promise<RunRecord & { measured: Measured; simulator: Simulator }> {
  const { scenario } = alternative;
  const system = systemOf(alternative);
  const bundle = hire(alternative, system, await definitionsOf(alternative), scenario.seed, 0);
  bundle.place = { definition: { ...bundle.place.definition, ...definition }, decision: { on } };
  const recorder = new Recorder(10_000, 10_000);
  const measurement = new Measurement(system.apps.length, 0, false, recorder);
  const options = {
    seed: scenario.seed,
    replication: 0,
    faults: scenario.faults,
    network: await networkOf(alternative),
    horizonMs: (scenario.duration_s ?? Infinity) * 1000,
    warmUpMs: 0,
    drainMs: 60_000,
    refuseOutside: false,
  };
  const simulator = new Simulator(system, bundle, await sourcesOf(alternative, scenario.seed, 0), options, measurement);
  measurement.watch(simulator);
  await simulator.run();
  return { ...recorder.record(simulator.nowMs), measured: measurement.result(), simulator };
}
