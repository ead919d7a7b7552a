import { expect, it } from 'vitest';
import { Outcome } from '../../../src/control/driver.js';
import { ask, fakeExecutor } from '../fake-system.js';

it.each([
  [-1, 'it was asked about 1 image and gave 0 answers'],
  [1, 'it was asked about 1 image and gave 2 answers'],
])('an engine that gives %i answers beside those that it was asked for has crashed, and its request is tried again', async (by, why) => {
  const died: string[] = [];
  const { executor } = fakeExecutor({ models: { a: { solo_ms: 1, miscount: { batches: 1, by } } } }, {}, { report: { workerDied: (_, reason) => died.push(reason) } });
  await executor.begin();
  expect(await ask(executor, 0, 7)).toMatchObject({ outcome: Outcome.answered, label: 7 });
  expect(died).toEqual([why]);
  await executor.stop(1000);
  expect(executor.control.books).toMatchObject({ born: 1, ended: [1, 0, 0, 0], inSystem: 0 });
});

it('one that always does fails its requests after their retry, and never answers with what may be another’s', async () => {
  const died: string[] = [];
  const { executor } = fakeExecutor({ models: { a: { solo_ms: 1, miscount: { batches: 1000, by: -1 } } } }, {}, { report: { workerDied: (_, reason) => died.push(reason) } });
  await executor.begin();
  expect((await ask(executor, 0, 7)).outcome).toBe(Outcome.failed);
  expect(died).toHaveLength(2);
  await executor.stop(1000);
  expect(executor.control.books).toMatchObject({ born: 1, ended: [0, 0, 1, 0], inSystem: 0 });
});
