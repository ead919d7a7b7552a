import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import fake from '../../src/executor/engines/fake/fake.js';
import { FakeDevice } from '../../src/executor/engines/fake/device.js';
import { Neighbours } from '../../src/executor/engines/fake/neighbours.js';
import { openServing } from '../../src/experiment/serving/open.js';
import { predictCoRun } from '../../src/profile/co-run.js';
import type { Profile } from '../../src/profile/schema.js';
import { loadScenario } from '../../src/scenario/load.js';
import { resolveAlternatives } from '../../src/scenario/resolve.js';
import { imageOf } from '../executor/fake-system.js';
import { built } from './built.js';

const contention = { model: 'table', inference: { jobs: [1, 2, 3, 4], slowdown: [1, 1.5, 2.1, 2.8] }, inference_beside_training: { a: 1.2 }, training: { a: { jobs: [0, 1, 2, 3], slowdown: [1, 1.3, 1.7, 2.4] } } };
const profile = (solo_ms: number) => ({ models: { a: { solo_ms }, b: { solo_ms: 8 } }, training: { a: { batch: 4, epoch_s: 1 } }, contention });

it('the fake accelerator slows a process down as its profile’s contention model says of the active neighbours', () => {
  const device = new FakeDevice(join(mkdtempSync(join(tmpdir(), 'corun-neighbours-')), 'accelerator'));
  const real = profile(4) as unknown as Profile;
  const neighbours = new Neighbours(real);
  device.count = (_nowMs, into) => into.set([2, 1, 1, 0]);
  const { latencyMs, epochMs } = predictCoRun(real, ['a', 'a', 'b'], 'a');
  expect(4 * neighbours.slowdown(device, 1, neighbours.classOf('inference', 'a'))).toBeCloseTo(latencyMs[0], 9);
  expect(8 * neighbours.slowdown(device, 1, neighbours.classOf('inference', 'b'))).toBeCloseTo(latencyMs[2], 9);
  expect(1000 * neighbours.slowdown(device, 1, neighbours.classOf('training', 'a'))).toBeCloseTo(epochMs!, 9);
  expect(latencyMs[0]).toBeGreaterThan(4);
});

it('each fake accelerator plays its own profile', async () => {
  built('executor/worker/main.js');
  const file = join(mkdtempSync(join(tmpdir(), 'corun-two-fakes-')), 'scenario.yaml');
  writeFileSync(file, JSON.stringify({ schema: 'corun/scenario@1', duration_s: 1, workload: [{ app: 'a', model: 'a', arrivals: { process: 'poisson', rate_rps: 1 } }], sites: [{ name: 'here', accelerators: [{ profile: profile(2) }, { profile: profile(60) }] }], dispatch: { policy: 'fcfs', k: 1 } }));
  const [alternative] = await resolveAlternatives(await loadScenario(file, []));
  const executor = await openServing(alternative, { backend: 'fake', models: {} });
  const { engineOptions } = (executor as unknown as { options: { engineOptions: object } }).options;
  const times: number[] = [];
  for (const accelerator of [0, 1]) {
    const engine = await fake.open({ options: engineOptions, accelerator });
    const model = await engine.load('a');
    const sinceMs = performance.now();
    await model.infer([imageOf(1)]);
    times.push(performance.now() - sinceMs);
  }
  // Work takes its time at least, however busy the machine is.
  expect(times[0]).toBeGreaterThanOrEqual(2);
  expect(times[1]).toBeGreaterThanOrEqual(60);
});
