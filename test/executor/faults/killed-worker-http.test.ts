import { expect, it } from 'vitest';
import { replayTrace } from '../../../src/experiment/replay/replay.js';
import { evenly } from '../../experiment/replay/target-server.js';
import { later, until } from '../fake-system.js';
import { bodyOf, fakeServer, infer } from '../http.js';

it('kill -9 of workers under load over HTTP: every client gets its own answer, once, and the books balance', async () => {
  const died: string[] = [];
  const { executor, url, close } = await fakeServer({ models: { a: { solo_ms: 4, load_ms: 5 } } }, { dispatch: ['fcfs', { k: 2 }], supervision: { retries: 5 } }, { report: { workerDied: (_, why) => died.push(why) } });
  const asked = Array.from({ length: 200 }, (_, i) => infer(url, bodyOf(i % 10)));
  await until(() => executor.control.books.inSystem > 20, 'load');
  for (let i = 0; i < 3; i++) {
    const living = executor.pids().workers.filter((pid) => pid !== undefined);
    if (living.length > 0) process.kill(living[0], 'SIGKILL');
    await later(60);
  }
  const answers = await Promise.all(asked);
  answers.forEach(({ status, id, label }, i) => expect({ status, id, label }).toEqual({ status: 200, id: String(i % 10), label: i % 10 }));
  expect(died.length).toBeGreaterThanOrEqual(1);
  expect(new Set(died)).toEqual(new Set(['its process was ended by SIGKILL']));
  await close();
  expect(executor.control.books).toMatchObject({ born: 200, ended: [200, 0, 0, 0], inSystem: 0 });
});

it('without a retry the request that ran is told of it, and what a replay counts is what is in the books', async () => {
  const { executor, url, close } = await fakeServer({ models: { a: { solo_ms: 10, load_ms: 5 } } }, { supervision: { retries: 0 } });
  let ended = 0;
  const replay = replayTrace(evenly(100, 10), {
    url,
    models: new Map([[undefined, 'a']]),
    pace: { mode: 'open', speed: 1 },
    seed: '1',
    limit: Infinity,
    timeoutMs: 20_000,
    mostOpen: 1000,
    onRequest: () => ended++,
  });
  await until(() => ended > 20 && executor.control.workers[0].batch >= 0, 'a batch that runs');
  process.kill(executor.pids().workers[0]!, 'SIGKILL');
  const { outcomes, requests } = await replay;
  await close();
  expect(requests).toBe(100);
  const [answered, , failed] = executor.control.books.ended;
  expect(executor.control.books).toMatchObject({ born: 100, inSystem: 0 });
  expect({ answered: outcomes['200'] ?? 0, failed: outcomes['500'] ?? 0 }).toEqual({ answered, failed });
  expect(answered + failed).toBe(100);
});
