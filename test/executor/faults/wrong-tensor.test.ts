import { expect, it } from 'vitest';
import { bodyOf, fakeServer, infer } from '../http.js';

it('wrong datatypes and shapes among right requests: each wrong one gets 400, each right one its own answer, and the worker lives', async () => {
  const died: string[] = [];
  const { executor, url, close } = await fakeServer({ models: { a: { solo_ms: 1 } } }, {}, { report: { workerDied: (_, why) => died.push(why) } });
  const wrong = [
    { datatype: 'BYTES' },
    { datatype: 'FP64' },
    { shape: [1, 8, 8, 4] },
    { shape: [8, 8, 3] },
    { shape: [1e9, 8, 8, 3] },
    { shape: [-1, 8, 8, 3] },
    { shape: [1.5, 8, 8, 3] },
    { data: [] },
    { data: new Array(192).fill('1') },
  ];
  const pid = executor.pids().workers[0];
  const asked = Array.from({ length: 90 }, (_, i) => infer(url, bodyOf(i % 10, i % 2 === 0 ? {} : wrong[i % wrong.length])));
  const answers = await Promise.all(asked);
  answers.forEach(({ status, label, error }, i) => {
    if (i % 2 === 0) expect({ status, label }).toEqual({ status: 200, label: i % 10 });
    else {
      expect(status).toBe(400);
      expect(error).toMatch(/must be|at most/);
    }
  });
  expect(executor.pids().workers[0]).toBe(pid);
  await close();
  expect(died).toEqual([]);
  expect(executor.control.books).toMatchObject({ born: 45, ended: [45, 0, 0, 0], inSystem: 0 });
});
