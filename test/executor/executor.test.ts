import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Outcome } from '../../src/control/driver.js';
import { EventLog, readEventLog } from '../../src/executor/log/event-log.js';
import { replayLog } from '../../src/executor/log/replay.js';
import { Training } from '../../src/policy/contract.js';
import { ask, fakeExecutor, later, until } from './fake-system.js';

const logFile = () => join(mkdtempSync(join(tmpdir(), 'corun-events-')), 'events.log');

describe('the executor', () => {
  it('gives each request the answer to its own image, in batches too', async () => {
    const { executor } = fakeExecutor({ models: { a: { solo_ms: 2, batches: { size: [8], mean_ms: [4] } }, b: { solo_ms: 1 } } }, { dispatch: ['batch', { max_batch: 4, k: 2 }] });
    await executor.begin();
    const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => ask(executor, i % 2, i % 10)));
    await executor.stop(1000);
    expect(answers.map(({ outcome }) => outcome)).toEqual(answers.map(() => Outcome.answered));
    expect(answers.map(({ label }) => label)).toEqual(answers.map((_, i) => i % 10));
    expect(executor.control.books).toMatchObject({ born: 60, ended: [60, 0, 0, 0], inSystem: 0 });
  });

  it('starts batches as large as a policy makes them', async () => {
    const { executor } = fakeExecutor({ models: { a: { solo_ms: 30, batches: { size: [300], mean_ms: [60] } } } }, { dispatch: ['batch', { max_batch: 300, k: 1 }] });
    await executor.begin();
    const answers = await Promise.all(Array.from({ length: 301 }, (_, i) => ask(executor, 0, i % 10)));
    await executor.stop(1000);
    expect(answers.map(({ label }) => label)).toEqual(answers.map((_, i) => i % 10));
  });

  it('takes the programmed time, stretched by the programmed slowdown while neighbours are active', async () => {
    const { executor } = fakeExecutor({ models: { a: { solo_ms: 40 } }, slowdown: [1, 2] }, { dispatch: ['fcfs', { k: 2 }] });
    await executor.begin();
    const alone = await ask(executor, 0, 1);
    const both = await Promise.all([ask(executor, 0, 1), ask(executor, 0, 2)]);
    await executor.stop(1000);
    expect(alone.latencyMs).toBeGreaterThanOrEqual(40);
    for (const { latencyMs } of both) expect(latencyMs).toBeGreaterThan(1.5 * 40);
  });

  it('replays its log to the identical commands', async () => {
    const file = logFile();
    const { executor, commands, system, again } = fakeExecutor(
      { models: { a: { solo_ms: 3 }, b: { solo_ms: 5 } }, training: { t: { epoch_ms: 40, slice_ms: 4 } } },
      { dispatch: ['corun', {}], retrain: ['when-idle', {}], deploys: true },
      { log: new EventLog(file, { what: 'test' }) },
    );
    await executor.begin();
    const asked = [];
    for (let i = 0; i < 40; i++) {
      asked.push(ask(executor, i % 2, i, 20));
      await later(i % 7);
    }
    await Promise.all(asked);
    await until(() => executor.deployments.deployed[0] > 0, 'a deploy');
    await executor.stop(1000);
    const { about, happenings } = readEventLog(file);
    expect(about).toEqual({ what: 'test' });
    const replayed = replayLog(happenings, system, again());
    expect(replayed.divergedAt).toBeUndefined();
    expect(replayed.commands).toEqual(commands);
    expect(commands.some(([name]) => name === 'deploy')).toBe(true);
    expect(replayed.control.books.ended).toEqual(executor.control.books.ended);
    // And a log of which one happening is missing is noticed.
    const cut = happenings.filter((_, i) => i !== happenings.findIndex(({ kind }) => kind === 2));
    expect(() => {
      const { divergedAt } = replayLog(cut, system, again());
      expect(divergedAt).toBeUndefined();
    }).toThrow();
  });

  it('pauses training between two slices and goes on from there', async () => {
    const { executor } = fakeExecutor({ models: { a: { solo_ms: 30 } }, training: { t: { epoch_ms: 60, slice_ms: 5 } } }, { retrain: ['when-idle', {}] });
    await executor.begin();
    await until(() => executor.control.jobs.epochs[0] >= 1, 'an epoch');
    const answer = ask(executor, 0, 3);
    await until(() => executor.control.jobs.state[0] === Training.paused, 'a pause beside the inference');
    const epochs = executor.control.jobs.epochs[0];
    expect((await answer).outcome).toBe(Outcome.answered);
    await until(() => executor.control.jobs.epochs[0] > epochs, 'a further epoch after it');
    await executor.stop(1000);
  });

  it('says why a placement is impossible, or a model cannot be loaded, and leaves no process behind', async () => {
    const noRoom = fakeExecutor({ models: { a: { solo_ms: 1, memory_mib: 80 } }, memory_mib: 100 }, { believedMiB: 50 });
    await expect(noRoom.executor.begin()).rejects.toThrow('the placement is impossible: app a needs 80 MiB on edge/fake0, 50 MiB are free');
    const worseThanBelieved = fakeExecutor({ models: { a: { solo_ms: 1, memory_mib: 80 } }, memory_mib: 60 });
    await expect(worseThanBelieved.executor.begin()).rejects.toThrow('cannot load a on edge/fake0 with fake: model a needs 80 MiB, which the accelerator of 60 MiB has not left');
  });
});
