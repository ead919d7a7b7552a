import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answer, targetServer, type TargetServer } from '../experiment/replay/target-server.js';
import { fileOf } from '../calibration/files.js';
import { built } from '../experiment/built.js';
import { corun, interrupted, mistake, type Ran } from './corun.js';

const trace = fileOf(`time_ms,app,slo_ms\n${Array.from({ length: 12 }, (_, i) => `${i * 10},${i % 3 === 0 ? 'faces' : 'plants'},30000`).join('\n')}\n`);
const slow = fileOf('time_ms\n0\n60000\n');
const empty = fileOf('time_ms\n');
const out = (): string => join(mkdtempSync(join(tmpdir(), 'corun-replay-')), 'out');

/** Runs the built program beside the server of this process, which must not be blocked. */
const run = (...args: string[]): Promise<Ran> =>
  new Promise((done) => {
    const child = spawn(process.execPath, [built('cli/main.js'), 'replay', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
    child.on('close', (code) => done({ code, ...said }));
  });

describe('corun replay', () => {
  let server: TargetServer;
  beforeAll(async () => {
    server = await targetServer((_, __, response) => answer(response));
  });
  afterAll(() => server.close());

  it('prints JSON alone, and writes a row for each request below a line that says what they are', async () => {
    const dir = out();
    const { code, stdout, stderr } = await run(trace, '--url', server.url, '--app', 'plants=m', '--app', 'faces=m', '--out', dir, '--format', 'json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: `wrote ${join(dir, 'requests.csv')}, ${join(dir, 'replay.json')}\n` });
    const result = JSON.parse(stdout) as object;
    expect(result).toMatchObject({ schema: 'corun/replay@1', trace, mode: 'open', speed: 1, requests: 12, outcomes: { 200: 12 }, slo_attainment: 1, apps: [{ app: 'plants', requests: 8 }, { app: 'faces', requests: 4 }] });
    expect(JSON.parse(readFileSync(join(dir, 'replay.json'), 'utf8'))).toEqual(result);
    const [about, header, ...rows] = readFileSync(join(dir, 'requests.csv'), 'utf8').trimEnd().split('\n');
    expect(JSON.parse(about.slice(2))).toEqual({ schema: 'corun/replay-requests@1', trace, url: server.url, mode: 'open', speed: 1, seed: '1' });
    expect(header).toBe('ordinal,app,model,due_ms,sent_ms,ended_ms,outcome,slo_ms');
    expect(rows).toHaveLength(12);
    for (const row of rows.map((line) => line.split(','))) {
      expect(Number(row[3])).toBe(10 * Number(row[0]));
      expect(Number(row[4])).toBeGreaterThanOrEqual(Number(row[3]));
      expect(Number(row[5])).toBeGreaterThan(Number(row[4]));
      expect(row[6]).toBe('200');
    }
  });

  it('prints a summary; a generated stream and a closed loop go as well', async () => {
    const open = await run('--process', 'poisson', '--with', 'rate_rps=200', '--with', 'requests=20', '--url', server.url, '--model', 'm');
    expect(open).toMatchObject({ code: 0, stdout: expect.stringMatching(/^poisson → .*\n {2}requests +20 in .*open loop, .* per second offered\n {2}outcomes +200: 20\n/) });
    const closed = await run(trace, '--url', server.url, '--model', 'm', '--clients', '2');
    expect(closed).toMatchObject({ code: 0, stdout: expect.stringContaining('closed loop of 2 clients') });
  });

  it('on Ctrl-C keeps what was recorded, and says so', async () => {
    const dir = out();
    const { code, stderr, stdout } = await interrupted(['replay', slow, '--url', server.url, '--model', 'm', '--out', dir, '--format', 'json'], 3000);
    expect(code).toBe(0);
    expect(stderr).toContain('interrupted: keeping what was recorded');
    expect(JSON.parse(stdout)).toMatchObject({ interrupted: true, requests: 1, outcomes: { 200: 1 } });
    expect(readFileSync(join(dir, 'requests.csv'), 'utf8')).toMatch(/\n0,,m,0,[\d.]+,[\d.]+,200,\n$/);
  });

  it('says what the server does not have, and has', async () => {
    expect(mistake(await run(trace, '--url', server.url, '--model', 'resnet5'))).toContain('did you mean resnet50? the server has m, resnet50');
    expect(mistake(await run(empty, '--url', server.url, '--model', 'm'))).toContain('there are no rows below the header');
    expect(mistake(await run(trace, '--url', server.url, '--app', 'plants=m'))).toContain('"faces"');
  });

  it.each([
    [['--url', 'http://127.0.0.1:1', '--model', 'm'], 'nothing listens there'],
    [['--url', 'http://127.0.0.1:1'], 'a model is needed: --model MODEL for all requests, or --app APP=MODEL'],
    [['--url', 'http://127.0.0.1:1/v2/', '--model', 'm'], '--url http://127.0.0.1:1/v2/: leave /v2 out, it is added: --url http://127.0.0.1:1'],
    [['--model', 'm'], '--url is missing'],
    [['--url', 'x', '--model', 'm'], '--url x: an address is needed'],
    [['--url', 'http://127.0.0.1:1', '--app', 'plants'], '--app plants: name=value is needed'],
    [['--url', 'http://127.0.0.1:1', '--model', 'm', '--think-ms', '3'], 'say how many clients with --clients'],
    [['--url', 'http://127.0.0.1:1', '--model', 'm', '--speed', '0'], '--speed 0: a number above 0 is needed'],
    [['--url', 'http://127.0.0.1:1', '--model', 'm', '--clients', '1.5'], '--clients 1.5: a whole number from 1 is needed'],
    [['--url', 'http://127.0.0.1:1', '--model', 'm', '--hedaer', 'a=b'], 'did you mean --header?'],
    [['--url', 'http://127.0.0.1:1', '--model', 'm', '--header', 'a b=c'], '--header a b=c: '],
  ])('tells what is wrong: %j', (args, message) => {
    expect(mistake(corun(['replay', trace, ...args]))).toContain(message);
  });
});
