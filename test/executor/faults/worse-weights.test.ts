import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { classify, labelled, learningExecutor, newFolder, ownModel, untilLearnt } from '../retraining/learning-executor.js';

it('a worse model is not deployed: answers and stored weights stay what they were', async () => {
  const state = newFolder();
  const source = await ownModel(newFolder());
  const [{ image }] = await labelled({ count: 1, first: 9000 });
  const good = await learningExecutor(state, source, { count: 300 });
  await good.executor.begin();
  await untilLearnt(() => good.told.deployments.some(({ better, comparison }) => better && comparison!.accuracyAfter > 0.9), 'it has learnt');
  await good.executor.stop(5000);

  // Steps so long that what was learnt is destroyed.
  const { executor, told, folder } = await learningExecutor(state, source, { count: 300 }, { optimizer: 'sgd', learning_rate: 1000 });
  const stored = readFileSync(join(folder, 'deployed.bin'));
  await executor.begin();
  const before = await classify(executor, image);
  await untilLearnt(() => told.deployments.length >= 2, 'two comparisons');
  for (const { better, comparison } of told.deployments) {
    expect(better).toBe(false);
    expect(comparison!.accuracyBefore).toBeGreaterThan(0.9);
    expect(comparison!.accuracyAfter).toBeLessThan(0.5);
    expect(comparison!.reason).toMatch(/declined, since it is worse$/);
  }
  expect((await classify(executor, image)).scores).toBe(before.scores);
  expect(told.inPlace).toEqual([]);
  expect(readFileSync(join(folder, 'deployed.bin')).equals(stored)).toBe(true);
  await executor.stop(5000);
}, 90_000);
