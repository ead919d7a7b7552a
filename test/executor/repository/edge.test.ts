import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Outcome } from '../../../src/control/driver.js';
import { EventLog, readEventLog } from '../../../src/executor/log/event-log.js';
import { Kind } from '../../../src/executor/log/happening.js';
import type { Command } from '../../../src/executor/log/tally.js';
import { RepositoryStore } from '../../../src/executor/repository/store.js';
import { replayServed } from '../../../src/experiment/serving/replay-log.js';
import { ask, later, until, type Ended } from '../fake-system.js';
import { edgeFor, fakeWeights, manager, managerThat, newFolder, scenarioWith } from './edge-system.js';

/** Asks without a break until it is told to stop. */
function load(executor: Parameters<typeof ask>[0]): { ended: Ended[]; stop(): Promise<Ended[]> } {
  const ended: Ended[] = [];
  let going = true;
  const client = async (): Promise<void> => {
    while (going) {
      ended.push(await ask(executor, 0, 3));
      await later(1);
    }
  };
  const clients = [client(), client(), client()];
  return { ended, stop: async () => ((going = false), await Promise.all(clients), ended) };
}

/** Names of the files in a model's storage. */
const files = (storage: string, model = 'm'): string[] => (existsSync(join(storage, model)) ? readdirSync(join(storage, model)) : []).map((name) => name.replace(/-[0-9a-f]{64}/, ''));

it('pulls what is published while it serves, and loses no request; its log is decided the same again', async () => {
  const source = await manager();
  await source.store.publish('m', fakeWeights(0));
  const scenario = scenarioWith();
  const [storage, log] = [newFolder(), join(newFolder(), 'events.log')];
  const commands: Command[] = [];
  const first = await edgeFor(source.url, scenario, storage);
  const { executor, edge } = await edgeFor(source.url, scenario, storage, {}, { options: { log: new EventLog(log, { scenario, set: [], backend: 'fake', repository: first.edge.beginning }), ...({ onCommand: (command: Command) => commands.push(command) } as object) } });
  await executor.begin();
  expect((await ask(executor, 0, 3)).label).toBe(3);
  const { ended, stop } = load(executor);
  for (const [i, shift] of [2, 4].entries()) {
    await source.store.publish('m', fakeWeights(shift), 0.9 + i / 100);
    await until(() => ended.at(-1)?.label === 3 + shift, `version ${i + 2} answers`);
  }
  const all = await stop();
  await executor.stop(1000);
  await source.close();
  expect(all.filter(({ outcome }) => outcome !== Outcome.answered)).toEqual([]);
  // The old one serves until the new one can, and never again after that.
  expect(all.map(({ label }) => label).filter((label, i, labels) => label !== labels[i - 1])).toEqual([3, 5, 7]);
  expect(files(storage)).toEqual(['3.bin']);
  expect(edge.totals).toMatchObject({ pulled: 3, failed: 0, corrupted: 0, bytes: 24 });
  const kinds = readEventLog(log).happenings.map(({ kind }) => kind);
  for (const kind of [Kind.graded, Kind.described, Kind.published, Kind.pulled]) expect(kinds.filter((other) => other === kind)).toHaveLength(2);
  expect(commands.filter(([name]) => name === 'pull')).toHaveLength(2);
  expect(await replayServed(log)).toEqual({ happenings: kinds.length, commands: expect.any(Number) });
});

it('refuses a corrupted file, and pulls it again', async () => {
  const store = new RepositoryStore(newFolder());
  await store.publish('m', fakeWeights(0));
  let corrupted = 0;
  const source = await managerThat(store, (response, _headers, sha256) => {
    const bytes = readFileSync(store.blob(sha256));
    if (bytes[0] === 1 && corrupted < 4) {
      corrupted++;
      bytes[5] ^= 1;
    }
    response.end(bytes);
  });
  const storage = newFolder();
  const { executor, edge, told } = await edgeFor(source.url, scenarioWith(), storage);
  await executor.begin();
  await store.publish('m', fakeWeights(1));
  // Three times in one pull, which fails; once more in the next, which does not.
  await until(() => edge.totals.pulled === 2, 'the sound file');
  await until(() => executor.control.workers.some(({ version }) => version === 2), 'a worker with it');
  expect(edge.totals).toMatchObject({ corrupted: 4, failed: 1 });
  expect(told.find(({ event }) => event === 'pull_failed')!.sentence).toMatch(/^m version 2 could not be pulled: what came has the SHA-256 \w+, and not \w+, 3 times$/);
  await until(() => files(storage).join() === '2.bin', 'the old file is gone');
  await executor.stop(1000);
  await source.close();
});

it('an interrupted pull goes on where it was cut off', async () => {
  const store = new RepositoryStore(newFolder());
  await store.publish('m', fakeWeights(0));
  const ranges: (string | undefined)[] = [];
  const source = await managerThat(store, (response, { range }, sha256) => {
    const bytes = readFileSync(store.blob(sha256));
    const from = range === undefined ? 0 : Number(/\d+/.exec(range)![0]);
    if (bytes.length > 8) ranges.push(range);
    response.writeHead(range === undefined ? 200 : 206, { 'content-length': bytes.length - from, ...(range !== undefined && { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }) });
    if (from > 0 || bytes.length <= 8) response.end(bytes.subarray(from));
    else response.write(bytes.subarray(0, 150_000), () => setTimeout(() => response.destroy(), 30));
  });
  const storage = newFolder();
  const { executor, edge } = await edgeFor(source.url, scenarioWith(), storage);
  await executor.begin();
  await store.publish('m', fakeWeights(1, 400_000));
  await until(() => edge.totals.pulled === 2, 'the whole file');
  expect(ranges).toEqual([undefined, 'bytes=150000-']);
  // Nothing came twice.
  expect(edge.totals).toMatchObject({ resumed: 1, corrupted: 0, failed: 0, bytes: 400_008 });
  await until(() => files(storage).join() === '2.bin', 'the old file is gone');
  await executor.stop(1000);
  await source.close();
});

it('serves on while the manager is lost, and learns what it has missed when it is back', async () => {
  const source = await manager();
  await source.store.publish('m', fakeWeights(0));
  const { executor, told } = await edgeFor(source.url, scenarioWith(), newFolder());
  await executor.begin();
  const { ended, stop } = load(executor);
  await source.close();
  await until(() => executor.control.storage!.isManagerLost, 'the manager is missed');
  const lostAt = ended.length;
  await source.store.publish('m', fakeWeights(1));
  await source.store.publish('m', fakeWeights(2));
  await until(() => ended.length > lostAt + 20, 'answers without a manager');
  expect(ended.at(-1)!.label).toBe(3);
  const back = await manager(source.store, source.port);
  await until(() => ended.at(-1)!.label === 5, 'the newest version');
  const all = await stop();
  await executor.stop(1000);
  await back.close();
  expect(all.filter(({ outcome }) => outcome !== Outcome.answered)).toEqual([]);
  // The version between was never pulled.
  expect(all.some(({ label }) => label === 4)).toBe(false);
  expect(told.map(({ event }) => event)).toEqual(['pulled', 'manager_lost', 'published', 'manager_back', 'pulled']);
});

it('keeps in a limited storage what the placement wants, and evicts the rest', async () => {
  const source = await manager();
  for (const [i, model] of ['big', 'middle', 'small'].entries()) await source.store.publish(model, fakeWeights(i, [4, 2, 1][i] * 2 ** 20), [0.9, 0.8, 0.7][i]);
  const storage = newFolder();
  const { executor } = await edgeFor(source.url, scenarioWith({ models: ['big', 'middle', 'small'], storageMiB: 6 }), storage);
  await executor.begin();
  // The most accurate one, then what else fits by accuracy: 4 + 2 MiB.
  expect([files(storage, 'big'), files(storage, 'middle'), files(storage, 'small')]).toEqual([['1.bin'], ['1.bin'], []]);
  // A better version of the small one, which needs more room than is left.
  await source.store.publish('small', fakeWeights(3, 3 * 2 ** 20), 0.95);
  await until(() => executor.control.storage!.versionAt(0, 2) === 2, 'the small one is pulled');
  await until(() => files(storage, 'small').join() === '2.bin' && files(storage, 'big').length === 0, 'the big one is gone');
  expect(files(storage, 'middle')).toEqual(['1.bin']);
  expect(executor.control.storage!.freeMiB(0)).toBeCloseTo(1, 9);
  await until(() => executor.control.workers.some(({ lane, version, state }) => lane === 2 && version === 2 && state === 1), 'it is loaded');
  expect((await ask(executor, 0, 3)).label).toBe(6);
  await executor.stop(1000);
  await source.close();
});

it('a full disk is a pull that failed, and tried again later', async () => {
  const source = await manager();
  await source.store.publish('m', fakeWeights(0));
  const storage = newFolder();
  let isFull = false;
  const openFile = async (path: string, flags: 'a' | 'w') => {
    const file = await open(path, flags);
    return {
      write: async (bytes: Uint8Array) => {
        if (!isFull) return file.write(bytes);
        await file.write(bytes.subarray(0, bytes.length / 2));
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      },
      sync: () => file.sync(),
      close: () => file.close(),
    };
  };
  const { executor, edge, told } = await edgeFor(source.url, scenarioWith(), storage, { pulling: { openFile } });
  await executor.begin();
  isFull = true;
  await source.store.publish('m', fakeWeights(1));
  await until(() => edge.totals.failed === 2, 'two pulls that failed');
  expect(told.find(({ event }) => event === 'pull_failed')!.sentence).toBe('m version 2 could not be pulled: the disk is full (ENOSPC)');
  expect((await ask(executor, 0, 3)).label).toBe(3);
  isFull = false;
  await until(() => edge.totals.pulled === 2, 'room again');
  await executor.stop(1000);
  await source.close();
});

it('keeps what lies in the storage at the start if it is what the manifest says, also without a manager', async () => {
  const source = await manager();
  await source.store.publish('m', fakeWeights(1));
  await source.store.publish('n', fakeWeights(2));
  const [storage, scenario] = [newFolder(), scenarioWith({ models: ['m', 'n'] })];
  const first = await edgeFor(source.url, scenario, storage);
  await first.executor.begin();
  await first.executor.stop(1000);
  expect(first.edge.totals.pulled).toBe(2);

  // One is changed on the disk, half of another version is there, and the manager is gone.
  const [name] = readdirSync(join(storage, 'n'));
  writeFileSync(join(storage, 'n', name), Buffer.alloc(8, 7));
  writeFileSync(join(storage, 'm', `2-${'0'.repeat(64)}.bin`), 'half');
  await source.close();
  const second = await edgeFor(source.url, scenario, storage);
  expect(second.told.map(({ event }) => event)).toEqual(['manager_lost', 'storage_cleared', 'storage_cleared']);
  expect(second.edge.beginning).toMatchObject({ stored: [1, 0], away: true });
  await second.executor.begin();
  expect((await ask(second.executor, 0, 3)).label).toBe(4);
  expect(second.edge.totals.pulled).toBe(0);
  const back = await manager(source.store, source.port);
  await until(() => second.edge.totals.pulled === 1, 'what is missing');
  expect(files(storage, 'n')).toEqual(['1.bin']);
  await second.executor.stop(1000);
  await back.close();

  // And a storage that knows nothing cannot begin without one.
  await expect(edgeFor(source.url, scenario, newFolder())).rejects.toThrow('Start the repository first');
});

it('does not follow a repository that changes versions that there were', async () => {
  const source = await manager();
  await source.store.publish('m', fakeWeights(0));
  const { executor, told } = await edgeFor(source.url, scenarioWith(), newFolder());
  await executor.begin();
  const other = new RepositoryStore(newFolder());
  await other.publish('m', fakeWeights(1));
  await other.publish('m', fakeWeights(2));
  mkdirSync(join(source.store.folder, 'blobs'), { recursive: true });
  writeFileSync(join(source.store.folder, 'repository.json'), await other.text());
  await until(() => executor.control.storage!.isManagerLost, 'it is not followed');
  expect(told.at(-1)!.sentence).toContain('its manifest has another version 1 of m than before');
  expect((await ask(executor, 0, 3)).label).toBe(3);
  await executor.stop(1000);
  await source.close();
});

it('needs a repository in the scenario, and a scenario with a repository needs one', async () => {
  const source = await manager();
  await source.store.publish('n', fakeWeights(0));
  await expect(edgeFor(source.url, scenarioWith(), newFolder())).rejects.toThrow(/has no model m; did you mean n\? \(known: n\)\. Publish it: corun repository publish m/);
  await source.store.publish('m', fakeWeights(0));
  await expect(edgeFor(source.url, scenarioWith(), newFolder(), {}, { edge: undefined })).rejects.toThrow('--repository URL --storage DIR');
  await source.close();
});
