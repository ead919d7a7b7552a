import { Measurement, type Measured, type WarmUpSeries } from '../measurement/measurement.js';
import { Recorder, type RunRecord } from '../measurement/recorder.js';
import { Refused, Simulator } from '../simulator/simulator.js';
import type { ResolvedAlternative } from '../scenario/scenario.js';
import type { Bundle } from '../control/control.js';
import { definitionsOf, hire, systemOf } from './assemble.js';
import { sourcesOf } from './arrivals.js';
import { networkOf } from './networks.js';
import { policyFault } from './policy-fault.js';

/** One replication of one alternative. Plain data. */
export interface Task {
  alternative: ResolvedAlternative;
  replication: number;
  warmUpMs: number;
  /** The replication whose requests it replays instead of its own; service times stay its own. */
  arrivals?: number;
  /** Its requests so many times faster. */
  loadFactor?: number;
  /** Runs on this draw of what the profiles leave open. */
  draw?: number;
  /** Also collect the series in which the warm-up is looked for. */
  series?: boolean;
  /** Also write down what happens, up to so many requests and activities. */
  record?: { rows: number; spans: number };
}

export interface Replication {
  measured?: Measured;
  /** Why the alternative cannot be predicted; then there is nothing else. */
  refused?: string;
  series?: WarmUpSeries;
  record?: RunRecord;
  facts?: Record<string, number | string>;
}

/**
 * Simulates one replication. The result depends on the task alone: not on the thread, nor on what ran before in it.
 *
 * @throws InputError if a trace or a researcher's policy is broken
 */
export async function replicate(task: Task): Promise<Replication> {
  try {
    return await run(task);
  } catch (error) {
    throw policyFault(error, task.alternative);
  }
}

async function run({ alternative, replication, warmUpMs, arrivals, loadFactor = 1, draw, series, record }: Task): Promise<Replication> {
  const { scenario } = alternative;
  const { seed } = scenario;
  const system = systemOf(alternative);
  const bundle = hire(alternative, system, await definitionsOf(alternative), seed, replication);
  const sources = await sourcesOf(alternative, seed, arrivals ?? replication, loadFactor);
  const recorder = record && new Recorder(record.rows, record.spans);
  const measurement = new Measurement(system.apps.length, warmUpMs, series ?? false, recorder);
  const simulator = new Simulator(
    system,
    bundle,
    sources,
    {
      seed,
      replication,
      faults: scenario.faults,
      network: await networkOf(alternative),
      horizonMs: scenario.duration_s === undefined ? Infinity : (scenario.duration_s * 1000) / loadFactor,
      warmUpMs,
      drainMs: scenario.measure.drain_s === undefined ? undefined : scenario.measure.drain_s * 1000,
      draw,
      refuseOutside: scenario.extrapolation === 'refuse',
    },
    measurement,
  );
  measurement.watch(simulator);
  try {
    await simulator.run();
  } catch (error) {
    if (error instanceof Refused) return { refused: error.message, facts: factsOf(bundle) };
    throw error;
  }
  const measured = measurement.result();
  if (measured.windowMs === 0 && warmUpMs > 0)
    return { refused: `ended before the warm-up of ${warmUpMs / 1000} s was over: give it a longer duration_s, or measure: { warm_up: none }`, facts: factsOf(bundle) };
  return { measured, series: measurement.warmUpSeries(), record: recorder?.record(simulator.nowMs), facts: factsOf(bundle) };
}

/** What the policies found out, once they have been at work. */
function factsOf({ route, place, select, retrain, dispatch }: Bundle): Record<string, number | string> {
  return Object.assign({}, ...[route, place, ...select, ...retrain, ...dispatch].map(({ decision }) => decision.facts)) as Record<string, number | string>;
}
