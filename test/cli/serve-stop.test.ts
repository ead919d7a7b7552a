import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { corun } from './corun.js';
import { serving } from './serving.js';

const body = JSON.stringify({ inputs: [{ name: 'input', datatype: 'UINT8', shape: [1, 8, 8, 3], data: new Array(192).fill(7) }] });

it('SIGTERM in the middle of a stream: each request is answered or was never taken in, and log and trace are whole', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'corun-stop-'));
  const [scenario, trace, log] = ['served.yaml', 'requests.csv', 'events.log'].map((name) => join(folder, name));
  writeFileSync(scenario, 'schema: corun/scenario@1\nduration_s: 10\nworkload: [{ app: plants, model: resnet50, arrivals: { process: poisson, rate_rps: 1 } }]\nsites: [{ name: edge, accelerators: [{ profile: { models: { resnet50: { solo_ms: 10 } } } }] }]\n');
  const { url, stop } = await serving([scenario, '-b', 'fake', '--record', trace, '--event-log', log]);
  let isOver = false;
  const statuses: number[] = [];
  let refused = 0;
  const client = async (): Promise<void> => {
    while (!isOver)
      try {
        statuses.push((await fetch(`${url}/v2/models/plants/infer`, { method: 'POST', body })).status);
      } catch {
        refused++;
        return;
      }
  };
  const clients = Array.from({ length: 8 }, client);
  while (statuses.length < 30) await new Promise((later) => setTimeout(later, 5));
  const ended = await stop('SIGTERM');
  isOver = true;
  await Promise.all(clients);
  expect(ended.code).toBe(0);
  expect(refused).toBeGreaterThan(0);
  const answered = statuses.filter((status) => status === 200).length;
  // Fastify answers what comes on a connection that is still open while it closes.
  expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
  expect(readFileSync(trace, 'utf8').trimEnd().split('\n').length - 1).toBe(answered);
  const replayed = corun(['serve', '--replay-log', log]);
  expect(replayed.stdout).toMatch(/identical\n$/);
  // Each that was answered is born and finished, and the run is closed; a policy may have woken besides.
  expect(Number.parseInt(replayed.stdout)).toBeGreaterThanOrEqual(2 * answered + 1);
});
