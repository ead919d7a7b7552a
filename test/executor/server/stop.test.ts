import { expect, it } from 'vitest';
import { openServer } from '../../../src/executor/server/server.js';
import { fakeExecutor, until } from '../fake-system.js';

const body = JSON.stringify({ inputs: [{ name: 'input', datatype: 'UINT8', shape: [1, 8, 8, 3], data: new Array(192).fill(2) }] });

it('a server that is closed under load answers what it accepted, and takes no more', async () => {
  const { executor } = fakeExecutor({ models: { a: { solo_ms: 60 } } });
  await executor.begin();
  const server = openServer(executor);
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const infer = () => fetch(`${url}/v2/models/a/infer`, { method: 'POST', body });
  const asked = Array.from({ length: 4 }, infer);
  await until(() => executor.control.books.inSystem === 4, 'four requests taken in');
  await server.close();
  await executor.stop(1000);
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  await expect(infer()).rejects.toThrow('fetch failed');
  expect(executor.control.books).toMatchObject({ born: 4, ended: [4, 0, 0, 0], inSystem: 0 });
});
