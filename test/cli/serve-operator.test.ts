import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { serveLog } from '../../src/cli/serve-log.js';
import { until } from '../executor/fake-system.js';
import { corun, mistake } from './corun.js';
import { serving } from './serving.js';

const folder = mkdtempSync(join(tmpdir(), 'corun-operator-'));
const scenario = join(folder, 'served.yaml');
writeFileSync(
  scenario,
  'schema: corun/scenario@1\nduration_s: 10\nworkload: [{ app: plants, model: resnet50, arrivals: { process: poisson, rate_rps: 1 } }]\nsites: [{ name: edge, accelerators: [{ profile: { models: { resnet50: { solo_ms: 2 } } } }] }]\n',
);
const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
const hasCertificate = spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert], { stdio: 'ignore' }).status === 0;

describe.skipIf(!hasCertificate)(`TLS${hasCertificate ? '' : ' (skipped: openssl is absent)'}`, () => {
  it('serves https, which corun replay talks to if it knows the certificate', async () => {
    const { url, stop } = await serving([scenario, '-b', 'fake', '--tls-cert', cert, '--tls-key', key]);
    expect(url).toMatch(/^https:/);
    const said = await new Promise<string>((done, failed) => request(`${url}/v2/health/ready`, { ca: readFileSync(cert) }, (answer) => answer.setEncoding('utf8').on('data', done)).on('error', failed).end());
    expect(JSON.parse(said)).toEqual({ ready: true });
    const args = ['replay', '--process', 'poisson', '--with', 'rate_rps=20', '--duration', '1', '--url', url, '--model', 'plants', '--format', 'json'];
    const known = corun(args, { env: { NODE_EXTRA_CA_CERTS: cert } });
    expect(known.code).toBe(0);
    expect((JSON.parse(known.stdout) as { answered: number }).answered).toBeGreaterThan(0);
    expect(corun([...args, '--ca', cert])).toMatchObject({ code: 0 });
    expect(mistake(corun(args))).toContain('nobody known vouches for its certificate; name the file that does: --ca cert.pem');
    expect(mistake(corun([...args, '--ca', key]))).toMatch(/--ca .*key\.pem: there is no certificate in it; a certificate in PEM is needed/);
    expect(mistake(corun([...args, '--ca', join(folder, 'no.pem')]))).toMatch(/--ca .*no\.pem: it cannot be read \(ENOENT\)/);
    expect(mistake(corun([...args.map((arg) => arg.replace('https:', 'http:')), '--ca', cert]))).toContain('--ca is for https');
    const unknown = corun([...args, '--out', join(folder, 'replay')]);
    expect(mistake(unknown)).toContain('--ca cert.pem');
    expect(readdirSync(join(folder, 'replay'))).toEqual([]);
    expect((await stop('SIGTERM')).code).toBe(0);
  });

  it('asks for a token as well, which corun replay reads from a file', async () => {
    const [token, none] = [join(folder, 'token'), join(folder, 'none')];
    writeFileSync(token, 'secret\n');
    writeFileSync(none, '\n');
    const { url, stop } = await serving([scenario, '-b', 'fake', '--tls-cert', cert, '--tls-key', key, '--token-file', token]);
    const args = ['replay', '--process', 'poisson', '--with', 'rate_rps=20', '--duration', '1', '--url', url, '--model', 'plants', '--ca', cert, '--format', 'json'];
    expect(JSON.parse(corun([...args, '--token-file', token]).stdout)).toMatchObject({ outcomes: { 200: expect.any(Number) } });
    expect(mistake(corun(args))).toContain('the server answered 401');
    expect(mistake(corun([...args, '--token-file', none]))).toMatch(/--token-file .*none: it is empty/);
    expect((await stop('SIGTERM')).code).toBe(0);
  });
});

describe('what the server says of itself', () => {
  it('is a line of JSON for each event, requests among them at level debug', async () => {
    const { url, stop, said } = await serving([scenario, '-b', 'fake', '--log-format', 'json', '--log-level', 'debug', '--devices', '0']);
    const { workers } = (await (await fetch(`${url}/v1/status`)).json()) as { workers: { pid: number }[] };
    expect(readFileSync(`/proc/${workers[0].pid}/environ`, 'utf8').split('\0')).toContain('CUDA_VISIBLE_DEVICES=0');
    process.kill(workers[0].pid, 'SIGKILL');
    await until(() => said().includes('worker_died'), 'the death is told');
    const { stderr } = await stop('SIGTERM');
    const events = stderr.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events[0]).toMatchObject({ level: 'info', event: 'started', apps: ['plants'], url });
    expect(events).toContainEqual(expect.objectContaining({ level: 'debug', event: 'answered', method: 'GET', url: '/v1/status', status: 200 }));
    expect(events).toContainEqual(expect.objectContaining({ level: 'warn', event: 'worker_died', worker: 0, why: 'its process was ended by SIGKILL' }));
    expect(events).toContainEqual(expect.objectContaining({ level: 'info', event: 'stopping' }));
  });

  it('is nothing below the level, and a flood of refusals is told once', () => {
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      const log = serveLog('text', 'warn');
      log.tell('info', 'started', 'serving');
      log.tell('warn', 'worker_died', 'worker 0 died');
      for (let i = 0; i < 100; i++) log.answered({ method: 'POST', url: '/v2', status: 503, tookMs: 1 });
      for (const url of ['/v2/health/ready', '/v2/models/plants/ready']) serveLog('text', 'warn').answered({ method: 'GET', url, status: 503, tookMs: 1 });
      expect(written.mock.calls).toEqual([['corun: worker 0 died\n'], ['corun: 1 request was answered 503, come again\n']]);
    } finally {
      written.mockRestore();
    }
  });

  it('leaves no folder of the fake accelerator behind', async () => {
    const own = mkdtempSync(join(tmpdir(), 'corun-tmp-'));
    const { stop } = await serving([scenario, '-b', 'fake'], { TMPDIR: own });
    expect(readdirSync(own)).toHaveLength(1);
    expect((await stop('SIGINT')).code).toBe(0);
    expect(readdirSync(own)).toEqual([]);
  });
});

it('a share of CUDA MPS reaches the worker processes', async () => {
  const { url, stop } = await serving([scenario, '-b', 'fake', '--mps-share', '40']);
  const { workers } = (await (await fetch(`${url}/v1/status`)).json()) as { workers: { pid: number }[] };
  expect(readFileSync(`/proc/${workers[0].pid}/environ`, 'utf8').split('\0')).toContain('CUDA_MPS_ACTIVE_THREAD_PERCENTAGE=40');
  await stop('SIGTERM');
});

it.each([
  ['a certificate without its key', ['--tls-cert', cert], '--tls-key is missing'],
  ['files that are no certificate', ['--tls-cert', scenario, '--tls-key', scenario], 'are no certificate with its key, in PEM'],
  ['devices that are no numbers', ['--devices', 'a'], 'for example --devices 0,1'],
  ['more devices than accelerators', ['--devices', '0,1'], '--devices names 2 accelerators, and one is served: edge'],
  ['a share of nothing', ['--mps-share', '0'], 'percent above 0 and up to 100'],
  ['a log of an unknown format', ['--log-format', 'jsn'], 'there is no such value; did you mean json?'],
])('refuses %s', (_, args, words) => {
  expect(mistake(corun(['serve', scenario, '-b', 'fake', '--port', '0', ...args]))).toContain(words);
});

it('an argument that a command does not take is told as such', () => {
  expect(mistake(corun(['backends', 'wasm']))).toContain('backends takes no "wasm"');
});
