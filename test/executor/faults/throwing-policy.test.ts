import { expect, it } from 'vitest';
import { Outcome } from '../../../src/control/driver.js';
import { throwingDispatch } from './throwing-dispatch.js';
import { ask, fakeExecutor } from '../fake-system.js';

it('a policy that throws: all that waits fails at once, nothing more is decided, and the reason is told', async () => {
  const failed: string[] = [];
  let asked = 0;
  const { executor } = fakeExecutor(
    { models: { a: { solo_ms: 20 } } },
    {
      dispatch: throwingDispatch(() => ++asked > 4),
    },
    { report: { failed: ({ message }) => failed.push(message) } },
  );
  await executor.begin();
  const answers = await Promise.all(Array.from({ length: 6 }, (_, i) => ask(executor, 0, i)));
  expect(failed).toEqual(['no idea what to do']);
  expect(answers.every(({ outcome }) => outcome === Outcome.failed)).toBe(true);
  expect((await ask(executor, 0, 1)).outcome).toBe(Outcome.failed);
  await executor.stop(1000);
});
