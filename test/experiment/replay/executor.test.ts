import { expect, it } from 'vitest';
import { DEFAULT_LIMITS, openServer, type ServerLimits } from '../../../src/executor/server/server.js';
import { replayTrace } from '../../../src/experiment/replay/replay.js';
import { fakeExecutor } from '../../executor/fake-system.js';
import { evenly } from './target-server.js';

async function replayed(soloMs: number, limits: Partial<ServerLimits>, count: number, everyMs: number) {
  const { executor } = fakeExecutor({ models: { plants: { solo_ms: soloMs } } });
  await executor.begin();
  const server = openServer(executor, { ...DEFAULT_LIMITS, ...limits });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  try {
    const result = await replayTrace(evenly(count, everyMs), { url, models: new Map([[undefined, 'plants']]), pace: { mode: 'open', speed: 1 }, seed: '1', limit: Infinity, timeoutMs: 20_000, mostOpen: 1000 });
    return { result, books: executor.control.books };
  } finally {
    await server.close();
    await executor.stop(1000);
  }
}

it('all requests of a replay are answered by an executor, and are in its books once', async () => {
  const { result, books } = await replayed(2, {}, 100, 5);
  expect(result).toMatchObject({ tensors: 'binary', outcomes: { 200: 100 }, answered: 100 });
  expect(result.latency_from_sent_ms!.p50).toBeGreaterThan(2);
  expect(books).toMatchObject({ born: 100, ended: [100, 0, 0, 0] });
});

it('what an executor refuses is counted by its status, and the two books agree', async () => {
  const { result, books } = await replayed(50, { waiting: 4 }, 20, 1);
  expect(result.outcomes['200'] + result.outcomes['503']).toBe(20);
  expect(result.outcomes['503']).toBeGreaterThan(0);
  expect(books.born).toBe(result.answered);
  expect(result.refusals['503']).toContain('4 images wait already');
});
