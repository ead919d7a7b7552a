import { expect, it } from 'vitest';
import { labelled, learningExecutor, newFolder, ownModel, servedAccuracy, untilLearnt } from './learning-executor.js';

const DRIFT = { rotation_degrees: 70, brightness: -0.15 };

it('what is served falls when the world drifts and recovers while it is served, and a new server begins with the newest weights', async () => {
  const state = newFolder();
  const source = await ownModel(newFolder());
  const [asBefore, drifted] = await Promise.all([{}, { drift: DRIFT }].map((more) => labelled({ count: 150, first: 5000, ...more })));

  const first = await learningExecutor(state, source, { count: 400 }, { held_out_share: 0.4 });
  await first.executor.begin();
  expect(await servedAccuracy(first.executor, asBefore)).toBeLessThan(0.5);
  await untilLearnt(() => (first.told.deployments.filter(({ better }) => better).at(-1)?.comparison?.accuracyAfter ?? 0) > 0.9, 'it has learnt');
  await first.executor.stop(5000);

  // A server that starts anew in a world that has changed: it is as good as the last one was, and that is not good any more.
  const second = await learningExecutor(state, source, { count: 400, first: 1000, drift: DRIFT }, { held_out_share: 0.4 });
  await second.executor.begin();
  const begin = await servedAccuracy(second.executor, asBefore);
  expect(begin).toBeGreaterThan(0.8);
  // Asked at once, before the first deploy.
  const fallen = await servedAccuracy(second.executor, drifted);
  expect(second.told.deployments).toEqual([]);
  expect(fallen).toBeLessThan(begin - 0.2);
  await untilLearnt(() => (second.told.deployments.filter(({ better }) => better).at(-1)?.comparison?.accuracyAfter ?? 0) > 0.9, 'it has learnt again');
  const recovered = await servedAccuracy(second.executor, drifted);
  expect(recovered).toBeGreaterThan(0.8);
  expect(recovered).toBeGreaterThan(fallen + 0.15);
  expect(second.told.deployments[0].comparison!.accuracyBefore).toBeLessThan(0.8);
  expect(second.told.died).toEqual([]);
  await second.executor.stop(5000);
}, 120_000);
