import { execFileSync } from 'node:child_process';
import type { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { bodyOf, connection, fakeServer, infer } from '../http.js';
import { until } from '../fake-system.js';

const WANTED = 5000;
/** Both ends of a connection are in this process, and it has other files open. */
const files = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
const count = files === 'unlimited' ? WANTED : Math.min(WANTED, Math.floor((Number(files) - 300) / 2));

it(`${count} idle connections${count < WANTED ? ` (not ${WANTED}: ulimit -n is ${files})` : ''} keep nobody from an answer, and do not hold up the stop`, async () => {
  const { executor, server, url, port, close } = await fakeServer({ models: { a: { solo_ms: 1 } } });
  let accepted = 0;
  server.server.on('connection', () => accepted++);
  const sockets: Socket[] = [];
  for (let i = 0; i < count; i += 100) sockets.push(...(await Promise.all(Array.from({ length: Math.min(100, count - i) }, () => connection(port)))));
  let closed = 0;
  for (const socket of sockets) socket.on('close', () => closed++).on('error', () => {});
  await until(() => accepted >= count, 'all connections accepted');
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => infer(url, bodyOf(i % 10))));
  answers.forEach(({ status, label }, i) => expect({ status, label }).toEqual({ status: 200, label: i % 10 }));
  await close();
  await until(() => closed === count, 'all connections closed');
  expect(executor.control.books).toMatchObject({ born: 50, ended: [50, 0, 0, 0], inSystem: 0 });
});
