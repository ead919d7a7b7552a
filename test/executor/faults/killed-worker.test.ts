import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Outcome } from '../../../src/control/driver.js';
import { EventLog, readEventLog } from '../../../src/executor/log/event-log.js';
import { replayLog } from '../../../src/executor/log/replay.js';
import { ask, fakeExecutor, later, until } from '../fake-system.js';

it('kill -9 of workers under load: every request ends once, those that were retried get their own answer, and the log replays', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'corun-events-')), 'events.log');
  const died: string[] = [];
  const { executor, commands, system, again } = fakeExecutor(
    { models: { a: { solo_ms: 4, load_ms: 5 } } },
    { dispatch: ['fcfs', { k: 2 }], supervision: { retries: 3 } },
    { log: new EventLog(file, {}), report: { workerDied: (_, why) => died.push(why) } },
  );
  await executor.begin();
  const asked = Array.from({ length: 150 }, (_, i) => ask(executor, 0, i % 10));
  for (let i = 0; i < 3; i++) {
    await later(60);
    const living = executor.pids().workers.filter((pid) => pid !== undefined);
    if (living.length > 0) process.kill(living[0], 'SIGKILL');
  }
  const answers = await Promise.all(asked);
  await until(() => executor.isReady(), 'workers again');
  expect(executor.control.workers.filter(({ state }) => state !== 3)).toHaveLength(2);
  await executor.stop(1000);
  expect(died.length).toBeGreaterThanOrEqual(2);
  expect(died[0]).toBe('its process was ended by SIGKILL');
  answers.forEach(({ outcome, label }, i) => expect({ outcome, label }).toEqual({ outcome: Outcome.answered, label: i % 10 }));
  expect(executor.control.books).toMatchObject({ born: 150, ended: [150, 0, 0, 0] });
  const replayed = replayLog(readEventLog(file).happenings, system, again());
  expect(replayed.divergedAt).toBeUndefined();
  expect(replayed.commands).toEqual(commands);
});

it('kill -9 of a worker without a retry: its request fails, and no other', async () => {
  const { executor } = fakeExecutor({ models: { a: { solo_ms: 100 } } }, { supervision: { retries: 0 } });
  await executor.begin();
  const first = ask(executor, 0, 1);
  const second = ask(executor, 0, 2);
  await later(20);
  process.kill(executor.pids().workers[0]!, 'SIGKILL');
  expect((await first).outcome).toBe(Outcome.failed);
  expect(await second).toMatchObject({ outcome: Outcome.answered, label: 2 });
  await executor.stop(1000);
});
