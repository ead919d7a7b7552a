import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { corun, mistake } from './corun.js';
import { serving } from './serving.js';

const folder = mkdtempSync(join(tmpdir(), 'corun-event-log-'));
const log = join(folder, 'events.log');
const scenario = join(folder, 'served.yaml');

const infer = (url: string, app: string) =>
  fetch(`${url}/v2/models/${app}/infer`, { method: 'POST', body: JSON.stringify({ inputs: [{ name: 'input', datatype: 'UINT8', shape: [1, 8, 8, 3], data: new Array(192).fill(7) }] }) });

describe('the event log of a server', () => {
  beforeAll(async () => {
    writeFileSync(
      scenario,
      `schema: corun/scenario@1
duration_s: 10
workload:
  - { app: plants, model: resnet50, arrivals: { process: poisson, rate_rps: 1 } }
  - { app: faces, model: vgg16, arrivals: { process: poisson, rate_rps: 1 } }
sites: [{ name: edge, accelerators: [{ profile: { models: { resnet50: { solo_ms: 3 }, vgg16: { solo_ms: 5 } } } }] }]
alternatives: [{ name: one, dispatch: fcfs }, { name: two, dispatch: { policy: fcfs, k: 3 }, place: { policy: all-on-one, copies: { faces: 2 } } }]
`,
    );
    const { url, stop } = await serving([scenario, '-a', 'two', '-b', 'fake', '--event-log', log]);
    const { workers } = (await (await fetch(`${url}/v1/status`)).json()) as { workers: { model: string }[] };
    expect(workers.map(({ model }) => model)).toEqual(['resnet50', 'vgg16', 'vgg16']);
    await Promise.all(Array.from({ length: 30 }, (_, i) => infer(url, i % 3 === 0 ? 'plants' : 'faces')));
    expect((await stop('SIGTERM')).code).toBe(0);
  });

  it('is decided the same again by fresh policies', () => {
    // Each of 30 requests is born and finished, and the run is closed.
    const { code, stdout } = corun(['serve', '--replay-log', log]);
    expect(stdout).toMatch(/^\d+ happenings, \d+ commands: identical\n$/);
    expect(Number.parseInt(stdout)).toBeGreaterThanOrEqual(61);
    expect(code).toBe(0);
  });

  it('is decided otherwise by another policy: it says where, and the exit code is 1', () => {
    const { code, stdout } = corun(['serve', scenario, '-a', 'one', '--replay-log', log]);
    expect(stdout).toMatch(/^the commands differ from happening 1 of \d+ on: born [01] at [\d.]+ ms\n$/);
    expect(code).toBe(1);
  });

  it('is refused if it is none, or not there', () => {
    expect(mistake(corun(['serve', '--replay-log', scenario]))).toContain('this is not an event log');
    expect(mistake(corun(['serve', '--replay-log', join(folder, 'none')]))).toContain('cannot read the event log');
  });
});
