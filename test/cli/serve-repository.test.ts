import { createServer } from 'node:http';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fakeWeights, newFolder, scenarioWith } from '../executor/repository/edge-system.js';
import { bodyOf } from '../executor/http.js';
import { later } from '../executor/fake-system.js';
import { RepositoryClient } from '../../src/executor/repository/client.js';
import { RepositoryStore } from '../../src/executor/repository/store.js';
import { corun, mistake } from './corun.js';
import { managing } from './managing.js';
import { serving } from './serving.js';

const answerOf = async (url: string): Promise<{ status: number; label: number | undefined }> => {
  const response = await fetch(`${url}/v2/models/a/infer`, { method: 'POST', body: bodyOf(3) });
  const { outputs } = (await response.json()) as { outputs?: { data: number[] }[] };
  return { status: response.status, label: outputs?.[0].data.indexOf(1) };
};
const statusOf = async (url: string) => ((await (await fetch(`${url}/v1/status`)).json()) as { repository: { manager_lost: boolean; models: { stored: number; newest: number }[] } }).repository;

async function untilIt(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const sinceMs = performance.now();
  while (!(await isSo())) {
    if (performance.now() - sinceMs > 15_000) throw new Error(`fifteen seconds, and still not: ${what}`);
    await later(20);
  }
}

it('the manager is killed under load: the edge answers on, and pulls what is new when it is back', async () => {
  const [folder, storage, log] = [newFolder(), newFolder(), join(newFolder(), 'events.log')];
  const store = new RepositoryStore(folder);
  await store.publish('m', fakeWeights(0));
  const first = await managing(folder);
  const { url, said, stop } = await serving([scenarioWith(), '-b', 'fake', '--repository', first.url, '--storage', storage, '--poll-s', '0.05', '--event-log', log]);
  const answers: Awaited<ReturnType<typeof answerOf>>[] = [];
  let going = true;
  const client = async (): Promise<void> => {
    while (going) answers.push(await answerOf(url));
  };
  const clients = [client(), client()];
  await untilIt(() => answers.length > 10, 'answers');
  await first.kill();
  await untilIt(async () => (await statusOf(url)).manager_lost, 'the manager is missed');
  await store.publish('m', fakeWeights(2), 0.95);
  const lost = answers.length;
  await untilIt(() => answers.length > lost + 20, 'answers without a manager');
  const second = await managing(folder, new URL(first.url).port);
  await untilIt(() => answers.at(-1)!.label === 5, 'the new version answers');
  going = false;
  await Promise.all(clients);
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  expect(answers.map(({ label }) => label).filter((label, i, all) => label !== all[i - 1])).toEqual([3, 5]);
  expect(await statusOf(url)).toMatchObject({ manager_lost: false, pulled: 2, failed: 0, models: [{ model: 'm', stored: 2, newest: 2, pulling: 0 }] });
  const metrics = await (await fetch(`${url}/metrics`)).text();
  for (const line of ['corun_repository_manager_lost 0', 'corun_repository_version_stored{model="m"} 2', 'corun_repository_pulls_total 2', 'corun_repository_received_bytes_total 16']) expect(metrics).toContain(`${line}\n`);
  expect(said()).toMatch(/the repository is lost, and what is stored serves on[^]*is there again[^]*m version 2 was pulled/);
  expect((await stop('SIGTERM')).code).toBe(0);
  await second.kill();
  const replayed = corun(['serve', '--replay-log', log]);
  expect(replayed.stdout).toMatch(/identical\n$/);
});

it('kill -9 of the edge in the middle of a pull: half a file is never loaded, and the next start goes on with it', async () => {
  const store = new RepositoryStore(newFolder());
  await store.publish('m', fakeWeights(0));
  const sent: (string | undefined)[] = [];
  let isSlow = true;
  // Sends all but the end of a long file, until it is told to send all.
  const source = createServer((request, response) => {
    if (request.url === '/v1/repository') return void store.text().then((text) => response.end(text));
    const bytes = readFileSync(store.blob(request.url!.slice('/v1/blobs/'.length)));
    const { range } = request.headers;
    if (bytes.length === 8) return void response.end(bytes);
    sent.push(range);
    const from = range === undefined ? 0 : Number(/\d+/.exec(range)![0]);
    response.writeHead(range === undefined ? 200 : 206, { 'content-length': bytes.length - from, ...(range !== undefined && { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }) });
    if (isSlow) response.write(bytes.subarray(from, 200_000));
    else response.end(bytes.subarray(from));
  });
  await new Promise<void>((listening) => source.listen(0, '127.0.0.1', listening));
  const [storage, scenario] = [newFolder(), scenarioWith()];
  const args = [scenario, '-b', 'fake', '--repository', `http://127.0.0.1:${(source.address() as { port: number }).port}`, '--storage', storage, '--poll-s', '0.05'];
  const names = (): string[] => (existsSync(join(storage, 'm')) ? readdirSync(join(storage, 'm')) : []);

  const first = await serving(args);
  await store.publish('m', fakeWeights(1, 300_000));
  const partial = (): string | undefined => names().find((name) => name.endsWith('.partial'));
  await untilIt(() => partial() !== undefined && statSync(join(storage, 'm', partial()!)).size === 200_000, 'most of the file');
  expect((await answerOf(first.url)).label).toBe(3);
  await first.stop('SIGKILL');

  // What was whole serves at once; what was not goes on.
  const second = await serving(args);
  expect(await answerOf(second.url)).toEqual({ status: 200, label: 3 });
  await untilIt(() => sent.length === 2, 'the pull goes on');
  expect(sent).toEqual([undefined, 'bytes=200000-']);
  isSlow = false;
  source.closeAllConnections();
  await untilIt(async () => (await answerOf(second.url)).label === 4, 'the new version');
  await untilIt(() => names().length === 1, 'the old file is gone');
  const [name] = names();
  expect(name).toBe(`2-${createHash('sha256').update(readFileSync(join(storage, 'm', name))).digest('hex')}.bin`);
  expect((await second.stop('SIGTERM')).code).toBe(0);
  source.closeAllConnections();
  source.close();
});

it('says what is missing', () => {
  const scenario = scenarioWith();
  expect(mistake(corun(['serve', scenario, '-b', 'fake']))).toContain('say where it is served and where they are kept: --repository URL --storage DIR');
  expect(mistake(corun(['serve', scenario, '-b', 'fake', '--repository', 'http://127.0.0.1:9']))).toContain('--repository needs a folder that keeps what is pulled: --storage DIR');
  expect(() => new RepositoryClient('127.0.0.1:9')).toThrow('the address of a repository is needed');
  expect(mistake(corun(['serve', scenario, '-b', 'fake', '--repository', 'http://127.0.0.1:9', '--storage', newFolder()]))).toContain('has never been filled');
});
