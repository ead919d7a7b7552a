import { expect, it } from 'vitest';
import { openServer } from '../../../src/executor/server/server.js';
import { fakeExecutor } from '../fake-system.js';
import { bodyOf, fakeServer, infer } from '../http.js';

it('a second server on the port is refused, and the first goes on', async () => {
  const first = await fakeServer({ models: { a: { solo_ms: 1 } } });
  const { executor } = fakeExecutor({ models: { a: { solo_ms: 1 } } });
  await executor.begin();
  const second = openServer(executor);
  await expect(second.listen({ host: '127.0.0.1', port: first.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await second.close();
  await executor.stop(1000);
  expect(executor.control.books.born).toBe(0);
  expect(await infer(first.url, bodyOf(8))).toMatchObject({ status: 200, label: 8 });
  await first.close();
  expect(first.executor.control.books).toMatchObject({ born: 1, ended: [1, 0, 0, 0], inSystem: 0 });
});
