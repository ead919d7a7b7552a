import { expect, it } from 'vitest';
import { throwingDispatch } from './throwing-dispatch.js';
import { later } from '../fake-system.js';
import { bodyOf, fakeServer, infer } from '../http.js';

it('a policy that throws while requests wait: each of them is told so at once, once, and so is who comes later; the server is not ready any more', async () => {
  let throws = false;
  const { url, server, executor, close } = await fakeServer(
    { models: { a: { solo_ms: 300 } } },
    {
      dispatch: throwingDispatch(() => throws),
    },
  );
  const waiting = Array.from({ length: 5 }, (_, i) => infer(url, bodyOf(i)));
  while (executor.control.books.inSystem < 5) await later(2);
  expect((await fetch(`${url}/v2/health/ready`)).status).toBe(200);
  throws = true;
  const answers = await Promise.all([...waiting, infer(url, bodyOf(9))]);
  for (const { status, error } of answers) {
    expect(status).toBe(500);
    expect(error).toBe('the policy failed: no idea what to do; the server has to be started again');
  }
  expect((await infer(url, bodyOf(1))).status).toBe(500);
  expect((await fetch(`${url}/v2/health/ready`)).status).toBe(503);
  expect((await fetch(`${url}/v2/health/live`)).status).toBe(503);
  expect(server.server.listening).toBe(true);
  await close();
});
