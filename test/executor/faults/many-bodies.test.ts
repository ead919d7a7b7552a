import type { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { later, until } from '../fake-system.js';
import { bodyOf, connection, fakeServer, infer, type HttpEnd } from '../http.js';

const head = (bytes: number): string => `POST /v2/models/a/infer HTTP/1.1\r\nhost: x\r\ncontent-length: ${bytes}\r\n\r\n`;

/** What a connection has said so far. */
function heard(socket: Socket): () => string {
  let said = '';
  socket.on('data', (piece) => (said += piece.toString()));
  return () => said;
}

/** Asks again and again, until the answer has this status. */
async function inferUntil(url: string, body: string, status: number): Promise<HttpEnd> {
  for (let tries = 0; tries < 500; tries++) {
    const end = await infer(url, body);
    if (end.status === status) return end;
    await later(5);
  }
  throw new Error(`no answer had status ${status}`);
}

it('clients that stall in the middle of their bodies take no more than the bound; the next is told to come again, and may when they are gone', async () => {
  const body = bodyOf(3);
  const { executor, url, port, close } = await fakeServer({ models: { a: { solo_ms: 1 } } }, {}, {}, { bodiesBytes: 50_000 });
  const stalled = await Promise.all([connection(port), connection(port)]);
  for (const socket of stalled) socket.write(head(25_000) + ' '.repeat(24_900));
  expect(await inferUntil(url, body, 503)).toMatchObject({ error: expect.stringContaining('has room for 50000') });
  for (const socket of stalled) socket.destroy();
  expect(await inferUntil(url, body, 200)).toMatchObject({ label: 3 });
  await close();
  expect(executor.control.books.inSystem).toBe(0);
});

it('a body that promises more than there is room for is refused before it comes, with Retry-After', async () => {
  const { port, close } = await fakeServer({ models: { a: { solo_ms: 1 } } }, {}, {}, { bodiesBytes: 50_000 });
  const socket = await connection(port);
  const said = heard(socket);
  socket.write(head(60_000));
  await until(() => said().includes('\r\n\r\n'), 'an answer');
  expect(said()).toMatch(/^HTTP\/1\.1 503 /);
  expect(said()).toMatch(/retry-after: 1/i);
  await close();
});

it('a body in chunks that grows beyond the bound is refused where it does', async () => {
  const { url, port, close } = await fakeServer({ models: { a: { solo_ms: 1 } } }, {}, {}, { bodiesBytes: 50_000 });
  const socket = await connection(port);
  const said = heard(socket);
  socket.write('POST /v2/models/a/infer HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n');
  for (let i = 0; i < 6; i++) socket.write(`2710\r\n${' '.repeat(10_000)}\r\n`);
  await until(() => said().includes('\r\n\r\n'), 'an answer');
  expect(said()).toMatch(/^HTTP\/1\.1 503 /);
  socket.destroy();
  await until(() => socket.closed, 'it is gone');
  expect(await inferUntil(url, bodyOf(4), 200)).toMatchObject({ label: 4 });
  await close();
});

it('bodies of requests that were answered take no room', async () => {
  const { url, close } = await fakeServer({ models: { a: { solo_ms: 1 } } }, {}, {}, { bodiesBytes: 2000 });
  for (let i = 0; i < 10; i++) expect(await infer(url, bodyOf(i))).toMatchObject({ status: 200, label: i });
  await close();
});
