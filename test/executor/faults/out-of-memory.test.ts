import { expect, it } from 'vitest';
import { Outcome } from '../../../src/control/driver.js';
import { ask, fakeExecutor } from '../fake-system.js';

it('out of memory where control knew no better: the process dies alone, is counted, and its request is retried, then fails', async () => {
  // Unlimited starts a process for each request that finds none idle; the accelerator holds two.
  const { executor } = fakeExecutor(
    { models: { a: { solo_ms: 30, load_ms: 10, memory_mib: 40 } }, memory_mib: 100 },
    { dispatch: ['unlimited', {}], believedMiB: 10_000, supervision: { retries: 1 } },
  );
  await executor.begin();
  const answers = await Promise.all(Array.from({ length: 6 }, (_, i) => ask(executor, 0, i)));
  await executor.stop(2000);
  const answered = answers.filter(({ outcome }) => outcome === Outcome.answered);
  expect(answered.length).toBeGreaterThanOrEqual(2);
  answers.forEach(({ outcome, label }, i) => expect(outcome === Outcome.failed ? undefined : i).toBe(label));
  expect(executor.control.books.outOfMemory).toBeGreaterThan(0);
  expect(executor.control.books.ended[0] + executor.control.books.ended[2]).toBe(6);
});
