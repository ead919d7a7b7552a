import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { corun, mistake } from './corun.js';
import { serving } from './serving.js';

const folder = mkdtempSync(join(tmpdir(), 'corun-serve-and-retrain-'));
const file = join(folder, 'scenario.yaml');
writeFileSync(
  file,
  `schema: corun/scenario@1
duration_s: 1
workload: [{ app: spots, model: mobilenet_v1_025, arrivals: { process: poisson, rate_rps: 1 } }]
sites: [{ name: here, accelerators: [{ profile: { models: { mobilenet_v1_025: { solo_ms: 2 } }, training: { mobilenet_v1_025: { batch: 16, epoch_s: 1 } } } }] }]
retraining: { model: mobilenet_v1_025, data: { generated: { count: 60, classes: 3 } } }
`,
);

interface Status {
  retraining: { model: string; state: string; epochs: number; loss: number; deployed: number; declined: number; loader_bound_share: number }[];
  comparisons: { model: string; outcome: string; accuracy_before: number; accuracy_after: number; images: number }[];
}
const status = async (url: string): Promise<Status> => (await (await fetch(`${url}/v1/status`)).json()) as Status;

it('corun serve retrains for real, tells of it, keeps it, and serves it with the next server', async () => {
  const state = join(folder, 'state');
  const first = await serving([file, '-b', 'wasm', '--state', state]);
  let now: Status;
  do now = await status(first.url);
  while (now.comparisons.length < 2);
  expect(now.retraining).toHaveLength(1);
  expect(now.retraining[0]).toMatchObject({ model: 'mobilenet_v1_025', state: 'trains' });
  expect(now.retraining[0].epochs).toBeGreaterThanOrEqual(2);
  expect(now.retraining[0].loss).toBeGreaterThan(0);
  expect(now.retraining[0].loader_bound_share).toBeLessThan(1);
  expect(now.retraining[0].deployed + now.retraining[0].declined).toBeGreaterThanOrEqual(2);
  for (const { outcome, accuracy_before, accuracy_after, images } of now.comparisons) {
    expect(outcome).toBe(accuracy_after > accuracy_before ? 'deployed' : 'declined');
    expect(images).toBeGreaterThan(0);
  }
  const metrics = await (await fetch(`${first.url}/metrics`)).text();
  for (const name of ['epochs{', 'loss{', 'loader_bound_share{', 'held{', 'comparisons{model="mobilenet_v1_025",outcome="declined"}', 'held_out_accuracy{model="mobilenet_v1_025",weights="learnt"}']) expect(metrics).toContain(`\ncorun_retraining_${name}`);

  expect(mistake(corun(['serve', file, '-b', 'wasm', '--state', state, '--port', '0']))).toMatch(/serve\.lock: process \d+ is serving in this folder/);
  const { code, stderr } = await first.stop('SIGINT');
  expect(code).toBe(0);
  expect(stderr).toMatch(/corun: retraining mobilenet_v1_025: [\d.]+ % of \d+ held-out images right before, [\d.]+ % after: (deployed|declined)/);
  expect(readdirSync(join(state, 'mobilenet_v1_025')).some((name) => name.startsWith('checkpoint'))).toBe(true);

  const second = await serving([file, '-b', 'wasm', '--state', state, '--set', 'retrain=never']);
  expect(await status(second.url)).toMatchObject({ retraining: [], comparisons: [] });
  const { outputs } = (await (await fetch(`${second.url}/v2/models/spots`)).json()) as { outputs: { shape: number[] }[] };
  expect(outputs[0].shape.at(-1)).toBe(3);
  expect((await second.stop('SIGTERM')).code).toBe(0);
}, 90_000);
