import { mkdtempSync, rmSync, writeFileSync, existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import util from 'node:util';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { backendNamed, backends } from '../../../src/executor/backends/backends.js';
import { works } from '../../../src/executor/backends/contract.js';
import { findBackend, workingBackend } from '../../../src/executor/backends/find.js';
import { mendUtil } from '../../../src/executor/tensorflow/load.js';
import { locate } from '../../../src/executor/backends/packages.js';
import { backendTable } from '../../../src/report/backends.js';
import { corun } from '../../cli/corun.js';
import { built } from '../../experiment/built.js';

const root = new URL('../../../', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'corun-backends-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const program = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe.each(Object.entries(backends))('%s', (name, backend) => {
  it('is called what the map and its file call it, and says what it computes with', () => {
    expect(backend.name).toBe(name);
    expect(existsSync(new URL(`src/executor/backends/${name}.ts`, root))).toBe(true);
    expect(backend.about).toMatch(/\w.*\.$/);
  });

  it('has a section in the documentation', () => {
    expect(readFileSync(new URL('docs/backends.md', root), 'utf8')).toContain(`\n## \`${name}\`\n`);
  });

  it('is found with its device and version, or says why not and what to do', async () => {
    const found = await findBackend(backend, 30_000, built('executor/backends/probe.js'));
    if (works(found)) expect(found).toMatchObject({ device: expect.stringMatching(/\w/), version: expect.stringMatching(/\d+\.\d+/) });
    else expect(found).toMatchObject({ reason: expect.stringMatching(/\w/), mend: expect.stringMatching(/run: (corun setup|npm install)|install|docs\/backends\.md/) });
  });
});

it('a misspelt backend gets the nearest one', () => {
  expect(() => backendNamed('wsam')).toThrow(/did you mean wasm\?[^]*Allowed: .*webgpu/);
});

it('one that does not work is refused with the reason and the remedy', async () => {
  await expect(workingBackend('webgpu', () => Promise.resolve({ reason: 'there is no driver', mend: 'install one' }))).rejects.toThrow('backend webgpu: there is no driver; install one');
  expect(await workingBackend('wasm', () => Promise.resolve({ device: 'd', version: '1' }))).toEqual({ device: 'd', version: '1' });
});

it('what a driver does to its process is an answer', async () => {
  const find = (name: string, text: string, within = 10_000) => findBackend({ name: 'x', environment: { OF_THE_BACKEND: 'set' } }, within, program(name, text));
  expect(await find('crash.mjs', 'process.abort();')).toMatchObject({ reason: expect.stringMatching(/its process ended with SIGABRT/) });
  expect(await find('exit.mjs', 'console.error("no such device"); process.exit(3);')).toMatchObject({ reason: 'its process ended with code 3: no such device' });
  expect(await find('hang.mjs', 'setInterval(() => {}, 1000);', 300)).toMatchObject({ reason: 'it did not answer within 0.3 s' });
  expect(await find('lingers.mjs', 'process.send({ device: process.env.OF_THE_BACKEND, version: "1" }); setInterval(() => {}, 1000);')).toEqual({ device: 'set', version: '1' });
});

it('is not opened in a worker thread', async () => {
  const worker = new Worker(
    `import(${JSON.stringify(`file://${built('executor/backends/backends.js')}`)}).then(({ backendNamed }) => backendNamed('wasm').find()).then((found) => require('node:worker_threads').parentPort.postMessage(found));`,
    { eval: true },
  );
  const found = await new Promise((done, fail) => worker.once('message', done).once('error', fail));
  await worker.terminate();
  expect(found).toMatchObject({ reason: expect.stringContaining('worker thread'), mend: expect.stringContaining('process of its own') });
});

it('gives tfjs-node back what Node 23 took away', () => {
  const functions = util as unknown as Record<string, unknown>;
  const { isNullOrUndefined } = functions;
  delete functions.isNullOrUndefined;
  mendUtil();
  const check = functions.isNullOrUndefined as (value: unknown) => boolean;
  if (isNullOrUndefined !== undefined) functions.isNullOrUndefined = isNullOrUndefined;
  expect([null, undefined, 0, ''].map((value) => check(value))).toEqual([true, true, false, false]);
});

it('GPU memory is not all taken, unless the user says so', () => {
  expect(backends['tfjs-node-gpu'].environment).toMatchObject({ TF_FORCE_GPU_ALLOW_GROWTH: 'true' });
});

it('an optional package is found in the folder that the user works in, too', () => {
  expect(locate('@tensorflow/tfjs-core')).toMatch(/tfjs-core/);
  expect(locate('no-such-package-anywhere')).toBeUndefined();
  expect(locate('@tensorflow/tfjs-core', [join(folder, 'x.js'), import.meta.url])).toMatch(/tfjs-core/);
});

describe('corun backends', () => {
  it('prints a document', () => {
    const { code, stdout } = corun(['backends', '--format', 'json']);
    expect(code).toBe(0);
    const { schema, backends: listed } = JSON.parse(stdout);
    expect(schema).toBe('corun/backends@1');
    expect(listed.map(({ name }: { name: string }) => name)).toEqual(Object.keys(backends));
    expect(listed.find(({ name }: { name: string }) => name === 'wasm')).toMatchObject({ available: true, device: expect.stringContaining('one core') });
  });

  it('prints a table, and help with an example', () => {
    const table = backendTable([
      { name: 'wasm', found: { device: 'CPU, one core', version: 'w 1', memoryMiB: 8 } },
      { name: 'tfjs-node', found: { reason: 'not installed', mend: 'run: corun setup tensorflow' } },
    ]);
    expect(table.split('\n')).toEqual(['✓ wasm       CPU, one core, 8 MiB', '             w 1', '✗ tfjs-node  not installed', '             run: corun setup tensorflow', '']);
    expect(corun(['backends', '--help']).stdout).toMatch(/corun backends --format json/);
  });
});
