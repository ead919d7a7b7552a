import { sourcesOf } from '../../src/experiment/arrivals.js';
import { definitionsOf, hire, systemOf } from '../../src/experiment/assemble.js';
import { networkOf } from '../../src/experiment/networks.js';
import { Event, NEVER, type DecisionOf, type Event as EventKind, type PlaceView, type PolicyDefinition } from '../../src/policy/contract.js';
import type { ResolvedAlternative } from '../../src/scenario/scenario.js';
import { Measurement, type Measured } from '../../src/measurement/measurement.js';
import { Recorder, type RunRecord } from '../../src/measurement/recorder.js';
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

export type Step = (view: PlaceView, out: Parameters<Placing>[4]) => void;

/** A placement that does these things at these times, and notes what it is told. */
export function script(steps: Record<number, Step>): { on: Placing; told: { event: EventKind; subject: number; nowMs: number }[] } {
  const times = Object.keys(steps).map(Number).sort((a, b) => a - b);
  const told: { event: EventKind; subject: number; nowMs: number }[] = [];
  return {
    told,
    on(event, subject, nowMs, view, out) {
      if (event !== Event.start && event !== Event.timer) told.push({ event, subject, nowMs });
      while (times.length > 0 && times[0] <= nowMs) steps[times.shift()!](view, out);
      return times[0] ?? NEVER;
    },
  };
}
