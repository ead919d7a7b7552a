import { expect, it } from 'vitest';
import { Outcome } from '../../../src/control/driver.js';
import { ask, fakeExecutor, until } from '../fake-system.js';

it('kill -9 of a retraining process: it is started again, serving does not notice, and epochs go on', async () => {
  const died: string[] = [];
  const { executor } = fakeExecutor({ models: { a: { solo_ms: 1 } }, training: { t: { epoch_ms: 30, slice_ms: 3 } } }, {}, { report: { trainerDied: (_, why) => died.push(why) } });
  await executor.begin();
  await until(() => executor.control.jobs.epochs[0] >= 1, 'an epoch');
  const before = executor.pids().jobs[0]!;
  process.kill(before, 'SIGKILL');
  await until(() => died.length === 1, 'its death is noticed');
  const epochs = executor.control.jobs.epochs[0];
  expect(died).toEqual(['its process was ended by SIGKILL']);
  expect((await ask(executor, 0, 5)).outcome).toBe(Outcome.answered);
  await until(() => executor.control.jobs.epochs[0] > epochs, 'a further epoch');
  expect(executor.pids().jobs[0]).not.toBe(before);
  await executor.stop(1000);
});
