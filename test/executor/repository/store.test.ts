import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openRepositoryServer } from '../../../src/executor/repository/server.js';
import { RepositoryStore } from '../../../src/executor/repository/store.js';
import { corun, mistake } from '../../cli/corun.js';
import { built } from '../../experiment/built.js';

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'corun-repository-'));
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const fileWith = (text: string): string => {
  const file = join(newFolder(), 'weights.bin');
  writeFileSync(file, text);
  return file;
};

it('holds each file once, by its content, and versions in the order in which they came', async () => {
  const folder = newFolder();
  const store = new RepositoryStore(folder);
  expect(await store.publish('m', fileWith('first'), 0.5)).toMatchObject({ version: 1, isNew: true, entry: { sha256: sha('first'), bytes: 5, accuracy: 0.5 } });
  expect(await store.publish('m', fileWith('second'))).toMatchObject({ version: 2, isNew: true });
  expect(await store.publish('m', fileWith('second'))).toMatchObject({ version: 2, isNew: false });
  // Back to what was before: a version of its own, and no second file.
  expect(await store.publish('m', fileWith('first'))).toMatchObject({ version: 3, isNew: true });
  await store.publish('n', fileWith('first'));
  expect((await store.manifest()).models).toEqual({
    m: [{ sha256: sha('first'), bytes: 5, accuracy: 0.5 }, { sha256: sha('second'), bytes: 6 }, { sha256: sha('first'), bytes: 5 }],
    n: [{ sha256: sha('first'), bytes: 5 }],
  });
  expect(readdirSync(join(folder, 'blobs')).sort()).toEqual([sha('first'), sha('second')].sort());
  expect(readFileSync(store.blob(sha('second')), 'utf8')).toBe('second');
  // Nothing unfinished, and no lock, is left.
  expect(readdirSync(folder).sort()).toEqual(['blobs', 'repository.json']);
});

it('two that publish at once, as processes and within one, both succeed', async () => {
  const folder = newFolder();
  const published = Array.from({ length: 4 }, (_, i) => {
    const child = spawn(process.execPath, [built('cli/main.js'), 'repository', 'publish', i % 2 === 0 ? 'm' : 'n', fileWith(`file ${i}`), '--into', folder], { stdio: 'ignore' });
    return new Promise((ended) => child.on('close', ended));
  });
  const store = new RepositoryStore(folder);
  const within = Promise.all([4, 5, 6, 7].map((i) => store.publish('m', fileWith(`file ${i}`))));
  expect(await Promise.all(published)).toEqual([0, 0, 0, 0]);
  const versions = (await within).map(({ version }) => version);
  const { m, n } = (await store.manifest()).models;
  expect(new Set(versions).size).toBe(4);
  expect([...m, ...n].map(({ sha256 }) => sha256).sort()).toEqual(Array.from({ length: 8 }, (_, i) => sha(`file ${i}`)).sort());
  expect([m.length, n.length]).toEqual([6, 2]);
});

it('the lock of one that died while it published is taken over', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'publish.lock'), '999999999');
  await expect(new RepositoryStore(folder).publish('m', fileWith('x'))).resolves.toMatchObject({ version: 1 });
});

it('is served with ETags, ranges and a token', async () => {
  const store = new RepositoryStore(newFolder());
  await store.publish('m', fileWith('0123456789'));
  const server = openRepositoryServer(store, { token: 'secret' });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const get = (path: string, headers: Record<string, string> = {}) => fetch(url + path, { headers: { authorization: 'Bearer secret', ...headers } });
  try {
    expect((await fetch(`${url}/v1/health`)).status).toBe(200);
    expect((await fetch(`${url}/v1/repository`)).status).toBe(401);
    const manifest = await get('/v1/repository');
    expect(await manifest.json()).toEqual(await store.manifest());
    const etag = manifest.headers.get('etag')!;
    expect((await get('/v1/repository', { 'if-none-match': etag })).status).toBe(304);

    const blob = `/v1/blobs/${sha('0123456789')}`;
    const whole = await get(blob);
    expect([whole.status, await whole.text(), whole.headers.get('content-length')]).toEqual([200, '0123456789', '10']);
    const part = await get(blob, { range: 'bytes=4-', 'if-range': `"${sha('0123456789')}"` });
    expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([206, '456789', 'bytes 4-9/10']);
    const other = await get(blob, { range: 'bytes=4-', 'if-range': '"another"' });
    expect([other.status, await other.text()]).toEqual([200, '0123456789']);
    const beyond = await get(blob, { range: 'bytes=10-' });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */10']);
    for (const path of [`/v1/blobs/${sha('none')}`, '/v1/blobs/..%2f..%2frepository.json', '/v1/blobs/..%2frepository.json']) expect((await get(path)).status).toBe(404);

    // What is published while it is served is there at once.
    await store.publish('m', fileWith('newer'));
    const changed = await get('/v1/repository', { 'if-none-match': etag });
    expect(((await changed.json()) as { models: { m: unknown[] } }).models.m).toHaveLength(2);
  } finally {
    await server.close();
  }
});

it('says what is wrong, and what would be right', async () => {
  const folder = newFolder();
  expect(mistake(corun(['repository', 'publish', 'm', join(folder, 'none'), '--into', folder]))).toContain('there is no such file to publish (ENOENT)');
  await expect(new RepositoryStore(folder).publish('m', fileWith(''))).rejects.toThrow('it is empty');
  await expect(new RepositoryStore(folder).publish('m', fileWith('x'), 93)).rejects.toThrow('--accuracy 93: a fraction from 0 to 1 is needed');
  expect(mistake(corun(['repository', 'serve', join(folder, 'none')]))).toContain('there is no such folder; publish something first');
  expect(mistake(corun(['repository', 'list', 'http://127.0.0.1:9']))).toContain('http://127.0.0.1:9 cannot be reached');
  writeFileSync(join(folder, 'repository.json'), '{ "schema": "corun/repository@1", "models": { "m": [{ "sha256": "x", "bytes": 1 }] } }');
  expect(mistake(corun(['repository', 'list', folder]))).toMatch(/repository\.json: models\.m\.0\.sha256: /);
});
