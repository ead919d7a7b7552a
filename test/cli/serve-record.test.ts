import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { corun, mistake } from './corun.js';
import { serving } from './serving.js';

const folder = mkdtempSync(join(tmpdir(), 'corun-record-'));
const trace = join(folder, 'requests.csv');

function scenario(name: string, arrivals: string): string {
  const file = join(folder, name);
  writeFileSync(
    file,
    `schema: corun/scenario@1\nduration_s: 1000\nworkload:\n  - { app: plants, model: resnet50, slo_ms: 400, ${arrivals} }\nsites: [{ name: edge, accelerators: [{ profile: { models: { resnet50: { solo_ms: 2 } } } }] }]\n`,
  );
  return file;
}

const infer = (url: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/v2/models/plants/infer`, { method: 'POST', headers, body: JSON.stringify({ inputs: [{ name: 'input', datatype: 'UINT8', shape: [1, 8, 8, 3], data: new Array(192).fill(7) }] }) });

it('what was asked of a server is a trace that can be simulated', async () => {
  const { url, stop } = await serving([scenario('served.yaml', 'arrivals: { process: poisson, rate_rps: 1 }'), '-b', 'fake', '--record', trace]);
  for (let i = 0; i < 20; i++) expect((await infer(url, i === 0 ? { 'x-slo-ms': '90' } : {})).status).toBe(200);
  expect((await fetch(`${url}/v2/models/plants/infer`, { method: 'POST', body: '{' })).status).toBe(400);
  expect(existsSync(trace)).toBe(false);
  expect(await stop('SIGTERM')).toMatchObject({ code: 0, stderr: expect.stringContaining(`corun: 20 requests are in ${trace}`) });
  const [header, first, ...rest] = readFileSync(trace, 'utf8').trimEnd().split('\n');
  expect(header).toBe('time_ms,app,slo_ms');
  expect(first).toMatch(/^[\d.]+,plants,90$/);
  expect(rest).toHaveLength(19);
  for (const row of rest) expect(row).toMatch(/^[\d.]+,plants,400$/);

  const simulated = corun(['simulate', scenario('recorded.yaml', `trace: { format: corun-csv, file: requests.csv }`), '--format', 'json']);
  expect(simulated).toMatchObject({ code: 0 });
  const timesMs = [first, ...rest].map((row) => Number(row.split(',')[0]));
  const { alternatives } = JSON.parse(simulated.stdout) as { alternatives: { metrics: Record<string, { mean: number }> }[] };
  expect(alternatives[0].metrics.slo_attainment.mean).toBe(1);
  expect(timesMs).toEqual([...timesMs].sort((a, b) => a - b));
});

it('a server that nobody asked leaves no file, and says so', async () => {
  const file = join(folder, 'nobody.csv');
  const { stop } = await serving([scenario('idle.yaml', 'arrivals: { process: poisson, rate_rps: 1 }'), '-b', 'fake', '--record', file]);
  expect(await stop('SIGINT')).toMatchObject({ code: 0, stderr: expect.stringContaining(`no request came, so ${file} was not written`) });
  expect([file, `${file}.partial`].map(existsSync)).toEqual([false, false]);
});

it('a trace that cannot be written is told before anything is served', () => {
  expect(mistake(corun(['serve', scenario('nowhere.yaml', 'arrivals: { process: poisson, rate_rps: 1 }'), '-b', 'fake', '--port', '0', '--record', join(folder, 'none', 'requests.csv')]))).toContain('its folder does not exist; make it first');
});
