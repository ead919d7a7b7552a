import { Script } from 'node:vm';
import { expect, it } from 'vitest';
import { PAGE } from '../../../src/executor/server/page.js';
import { DEFAULT_LIMITS, openServer } from '../../../src/executor/server/server.js';
import { fakeExecutor } from '../fake-system.js';

const script = /<script>([^]*)<\/script>/.exec(PAGE)![1];

it('the page is a script that can be read, and shows fields that the status has', async () => {
  expect(() => new Script(script)).not.toThrow();
  const { executor } = fakeExecutor({ models: { plants: { solo_ms: 1 } } });
  await executor.begin();
  const server = openServer(executor, DEFAULT_LIMITS);
  try {
    const status = (await server.inject('/v1/status')).json<Record<string, Record<string, unknown>[]>>();
    // What the page works out by itself.
    const own = ['rate', 'line', 'share'];
    for (const table of ['apps', 'workers', 'accelerators']) {
      const columns = new RegExp(`table\\('${table}', now\\.${table}, (.*)\\);`).exec(script)![1];
      const fields = [...columns.matchAll(/\['(\w+)', '/g)].map(([, field]) => field);
      expect(fields.length).toBeGreaterThan(2);
      for (const field of fields) expect([...Object.keys(status[table][0]), ...own]).toContain(field);
    }
  } finally {
    await server.close();
    await executor.stop(1000);
  }
});
