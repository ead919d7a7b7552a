import { expect, it } from 'vitest';
import { definitionsOf, hire, systemOf } from '../../../src/experiment/assemble.js';
import { sourcesOf } from '../../../src/experiment/arrivals.js';
import { networkOf } from '../../../src/experiment/networks.js';
import { Measurement, type Measured } from '../../../src/measurement/measurement.js';
import { Recorder, type RequestRow } from '../../../src/measurement/recorder.js';
import { Simulator } from '../../../src/simulator/simulator.js';
import { alternative, profileOf, type Setup } from '../alternative.js';

/** A run of 10 s in which something is done at whole seconds. */
async function runWith(setup: Omit<Setup, 'durationS'>, atSecond: (second: number, simulator: Simulator) => void): Promise<{ measured: Measured; rows: RequestRow[]; simulator: Simulator }> {
  const its = alternative({ ...setup, durationS: 10 });
  const system = systemOf(its);
  const recorder = new Recorder(1e6, 0);
  const measurement = new Measurement(system.apps.length, 0, false, recorder);
  const options = { seed: 1, replication: 0, network: await networkOf(its), horizonMs: 10_000, warmUpMs: 0, drainMs: 60_000, refuseOutside: true };
  const simulator = new Simulator(system, hire(its, system, await definitionsOf(its), 1, 0), await sourcesOf(its, 1, 0), options, measurement);
  const sampled = measurement.sampled.bind(measurement);
  // 200 samples in 10 s: one every 50 ms.
  measurement.sampled = (inSystem, nowMs) => {
    sampled(inSystem, nowMs);
    if (nowMs % 1000 === 0) atSecond(nowMs / 1000, simulator);
  };
  measurement.watch(simulator);
  await simulator.run();
  return { measured: measurement.result(), rows: recorder.record(simulator.nowMs).requests, simulator };
}

const setup: Omit<Setup, 'durationS'> = {
  workload: [{ app: 'a', stages: [{ model: 'm' }], arrivals: { process: 'poisson', rate_rps: 50 } }],
  sites: profileOf({ solo_ms: 5, spread: { distribution: 'exponential' } }),
  network: { up: { normal: { mean_ms: 20, sd_ms: 8 } }, down: { normal: { mean_ms: 10, sd_ms: 8 } } },
};

it('a link that is cut and restored delays what was on it and what came, and loses nothing', async () => {
  const calm = await runWith(setup, () => {});
  const cut = await runWith(setup, (second, simulator) => {
    if (second === 3) simulator.cutLink(0, 'up');
    if (second === 5) simulator.restoreLink(0, 'up');
  });
  expect(cut.measured.apps[0].answered).toBe(calm.measured.apps[0].born);
  const between = cut.rows.filter((r) => r.arrived_ms > 3000 && r.arrived_ms < 5000);
  expect(between).toEqual([]);
  // Draws stay where they were: who was born after the restoration and its queue arrives at the same moment as ever.
  const arrivals = (rows: RequestRow[]) => rows.filter((r) => r.born_ms > 5000).map((r) => r.arrived_ms).sort((x, y) => x - y);
  expect(arrivals(cut.rows)).toEqual(arrivals(calm.rows));
  const held = cut.rows.filter((r) => r.born_ms > 3000 && r.born_ms < 5000);
  expect(held.length).toBeGreaterThan(70);
  for (const row of held) expect(row.arrived_ms).toBeGreaterThan(5000);
});

it('what stands on a link that is never restored is unfinished at the end, and the books balance', async () => {
  const { measured } = await runWith(setup, (second, simulator) => {
    if (second === 3) simulator.cutLink(0, 'down');
  });
  const [{ born, answered, unfinished }] = measured.apps;
  expect(answered).toBeGreaterThan(100);
  expect(unfinished).toBeGreaterThan(300);
  expect(answered + unfinished).toBe(born);
});
