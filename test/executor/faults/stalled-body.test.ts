import { expect, it } from 'vitest';
import { bodyOf, connection, fakeServer, infer } from '../http.js';
import { until } from '../fake-system.js';

it('a client that stalls in the middle of its body is let go after its time, holds up nobody, and control never hears of it', async () => {
  const { executor, url, port, close } = await fakeServer({ models: { a: { solo_ms: 1 } } }, {}, {}, { requestMs: 1000 });
  const body = bodyOf(3);
  const socket = await connection(port);
  let said = '';
  let isClosed = false;
  socket.on('data', (piece) => (said += piece.toString())).on('close', () => (isClosed = true));
  socket.write(`POST /v2/models/a/infer HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 100)}`);
  expect(await infer(url, bodyOf(5))).toMatchObject({ status: 200, label: 5 });
  expect(isClosed).toBe(false);
  await until(() => isClosed, 'the connection is closed');
  expect(said).toMatch(/^HTTP\/1\.1 408 /);
  expect(await infer(url, bodyOf(6))).toMatchObject({ status: 200, label: 6 });
  await close();
  expect(executor.control.books).toMatchObject({ born: 2, ended: [2, 0, 0, 0], inSystem: 0 });
});

it('a client that goes away in the middle of its body, or before its answer, leaves the books in balance', async () => {
  const { executor, url, port, close } = await fakeServer({ models: { a: { solo_ms: 50 } } });
  const body = bodyOf(3);
  const head = `POST /v2/models/a/infer HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n`;
  const half = await connection(port);
  half.write(head + body.slice(0, 100), () => half.destroy());
  const whole = await connection(port);
  whole.write(head + body);
  await until(() => executor.control.books.inSystem === 1, 'the whole one is accepted');
  whole.destroy();
  expect(await infer(url, bodyOf(7))).toMatchObject({ status: 200, label: 7 });
  await close();
  expect(executor.control.books).toMatchObject({ born: 2, ended: [2, 0, 0, 0], inSystem: 0 });
});
