import { expect, it } from 'vitest';
import { Outcome } from '../../../src/control/driver.js';
import { ask, fakeExecutor, later, until } from '../fake-system.js';

it('a worker that hangs in a batch is killed after the time that it is given, and its request is answered by another', async () => {
  const { executor } = fakeExecutor({ models: { a: { solo_ms: 5 } } }, { dispatch: ['fcfs', { k: 2 }], supervision: { hangAfterMs: 200 } });
  await executor.begin();
  const pid = executor.pids().workers.at(-1)!;
  process.kill(pid, 'SIGSTOP');
  const answers = await Promise.all([ask(executor, 0, 1), ask(executor, 0, 2)]);
  expect(answers.map(({ outcome, label }) => ({ outcome, label }))).toEqual([1, 2].map((label) => ({ outcome: Outcome.answered, label })));
  await until(() => executor.control.workers.every(({ state }) => state === 1), 'two idle workers');
  expect(executor.pids().workers).not.toContain(pid);
  await executor.stop(1000);
});

it('one that hangs while it is idle is found by its silence', async () => {
  const died: string[] = [];
  const { executor } = fakeExecutor({ models: { a: { solo_ms: 5 } } }, {}, { silentForMs: 200, report: { workerDied: (_, why) => died.push(why) } });
  await executor.begin();
  await later(400);
  expect(died).toEqual([]);
  process.kill(executor.pids().workers[0]!, 'SIGSTOP');
  await until(() => died.length === 1, 'its silence is noticed');
  expect(died[0]).toMatch(/^it has not answered for 0\.\d s$/);
  expect((await ask(executor, 0, 4)).label).toBe(4);
  await executor.stop(1000);
});
