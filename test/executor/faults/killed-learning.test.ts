import { expect, it } from 'vitest';
import { Outcome } from '../../../src/control/driver.js';
import { classify, labelled, learningExecutor, newFolder, ownModel, untilLearnt } from '../retraining/learning-executor.js';

it('kill -9 of a process that learns: serving answers on, and training goes on from its checkpoint', async () => {
  const { executor, told, folder } = await learningExecutor(newFolder(), await ownModel(newFolder()), { count: 240 }, { checkpoint_steps: 1, deploy_every_epochs: 2, slice_ms: 0 });
  const [{ image }] = await labelled({ count: 1, first: 9000 });
  await executor.begin();
  let isOver = false;
  let asked = 0;
  const client = (async () => {
    for (; !isOver; asked++) expect((await classify(executor, image)).outcome).toBe(Outcome.answered);
  })();
  for (let kills = 1; kills <= 2; kills++) {
    const progress = () => executor.training(0).progress;
    const from = progress()?.epoch ?? 0;
    await untilLearnt(() => (progress()?.epoch ?? 0) > from && progress()!.fraction > 0.2, 'it is within a further epoch');
    const before = progress()!;
    process.kill(executor.pids().jobs[0]!, 'SIGKILL');
    await untilLearnt(() => told.notices.length === kills, 'it says where it goes on');
    expect(told.died).toHaveLength(kills);
    expect(told.died.at(-1)!.why).toBe('its process was ended by SIGKILL');
    const [, path, step, epoch] = /^it goes on from (.+checkpoint-\d{8}\.bin), at step (\d+) of epoch (\d+)$/.exec(told.notices.at(-1)!)!;
    expect(path.startsWith(folder)).toBe(true);
    // 192 images to train with make ten steps; a step that was told of was saved before.
    expect(Number(epoch) + Number(step) / 10).toBeGreaterThanOrEqual(before.epoch + before.fraction - 1e-9);
  }
  const deploys = told.deployments.length;
  await untilLearnt(() => told.deployments.length > deploys + 1, 'further comparisons');
  isOver = true;
  await client;
  await executor.stop(5000);
  expect(executor.control.books).toMatchObject({ born: asked, ended: [asked, 0, 0, 0] });
}, 90_000);
