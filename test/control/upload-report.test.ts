import { expect, it } from 'vitest';
import { sourcesOf } from '../../src/experiment/arrivals.js';
import { definitionsOf, hire, systemOf } from '../../src/experiment/assemble.js';
import { networkOf } from '../../src/experiment/networks.js';
import { NEVER } from '../../src/policy/contract.js';
import { Measurement } from '../../src/measurement/measurement.js';
import { Recorder, type RequestRow } from '../../src/measurement/recorder.js';
import { Simulator } from '../../src/simulator/simulator.js';
import { alternative, poisson, profileOf, type Setup } from '../simulator/alternative.js';

const sites = { near: [profileOf({ solo_ms: 1 })], far: [profileOf({ solo_ms: 1 })] };

/** Runs with a router that takes the two sites in turn; gives what it saw of their links when each request was born. */
async function run(setup: Partial<Setup>): Promise<{ seen: [near: number, far: number][]; rows: RequestRow[] }> {
  const its = alternative({ workload: [poisson(50, 200)], sites, ...setup });
  const system = systemOf(its);
  const bundle = hire(its, system, await definitionsOf(its), 1, 0);
  const seen: [number, number][] = [];
  bundle.route.decision = {
    on(_event, _subject, _nowMs, view, out) {
      seen.push([view.uploadMs(0), view.uploadMs(1)]);
      out.visit(view.ordinal % 2);
      return NEVER;
    },
  };
  const recorder = new Recorder(1e6, 0);
  const measurement = new Measurement(1, 0, false, recorder);
  const options = { seed: 1, replication: 0, network: await networkOf(its), horizonMs: Infinity, warmUpMs: 0, refuseOutside: true };
  const simulator = new Simulator(system, bundle, await sourcesOf(its, 1, 0), options, measurement);
  measurement.watch(simulator);
  await simulator.run();
  return { seen, rows: recorder.record(simulator.nowMs).requests };
}

it('a router sees 0 where there is no network', async () => {
  const { seen } = await run({});
  expect(new Set(seen.flat())).toEqual(new Set([0]));
});

it('a router sees nothing of a link before the first report, then how long uploads to each site take', async () => {
  const { seen } = await run({ siteNetworks: [{ up: { fixed_ms: 10 } }, { up: { fixed_ms: 70 } }] });
  expect(seen[0]).toEqual([0, 0]);
  expect(seen.at(-1)).toEqual([expect.closeTo(10, 9), expect.closeTo(70, 9)]);
});

it('what it sees is the weighted mean of what arrived before, never of what is still on the way', async () => {
  const { seen, rows } = await run({ network: { up: { normal: { mean_ms: 60, sd_ms: 40 } } } });
  const born = [...rows].sort((a, b) => a.born_ms - b.born_ms);
  const site = new Map(born.map((row, ordinal) => [row, ordinal % 2]));
  born.forEach((row, ordinal) => {
    const means = [0, 0];
    for (const reported of rows.filter((r) => r.arrived_ms <= row.born_ms).sort((a, b) => a.arrived_ms - b.arrived_ms)) {
      const uploadMs = reported.arrived_ms - reported.born_ms;
      const at = site.get(reported)!;
      means[at] = means[at] === 0 ? uploadMs : means[at] + 0.1 * (uploadMs - means[at]);
    }
    expect(seen[ordinal]).toEqual([expect.closeTo(means[0], 9), expect.closeTo(means[1], 9)]);
  });
});
