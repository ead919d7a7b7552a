import { expect, it } from 'vitest';
import { Outcome } from '../../../src/control/driver.js';
import { ask, fakeExecutor, later, until } from '../fake-system.js';
import { learningExecutor, newFolder, ownModel, untilLearnt } from '../retraining/learning-executor.js';

const TOO_LARGE = { models: { a: { solo_ms: 1, memory_mib: 40 } }, training: { t: { epoch_ms: 30, memory_mib: 80 } }, memory_mib: 100 };

it('a job that lacks memory again and again is held, and serving goes on', async () => {
  const died: number[] = [];
  const { executor } = fakeExecutor(TOO_LARGE, { believedMiB: 10_000 }, { report: { trainerDied: (_job, _why, againInMs) => died.push(againInMs) } });
  await executor.begin();
  await until(() => died.length === 3, 'three attempts');
  expect(died).toEqual([20, 40, Infinity]);
  expect(executor.training(0).state).toBe('held: training of t needs 80 MiB, which the accelerator of 100 MiB has not left');
  await later(200);
  expect(died).toHaveLength(3);
  expect((await ask(executor, 0, 4)).outcome).toBe(Outcome.answered);
  await executor.stop(1000);
});

it('it begins again when its policy pauses and resumes it', async () => {
  let died = 0;
  const { executor } = fakeExecutor(TOO_LARGE, { believedMiB: 10_000, retrain: ['when-idle', {}] }, { report: { trainerDied: () => died++ } });
  await executor.begin();
  await until(() => died === 3, 'three attempts');
  await ask(executor, 0, 4);
  await until(() => died >= 6, 'three more');
  await executor.stop(1000);
});

it('a job that can never do what it is told is not tried twice', async () => {
  const { executor, told } = await learningExecutor(newFolder(), await ownModel(newFolder()), { count: 60, side: 12 });
  await executor.begin();
  await untilLearnt(() => told.died.length > 0, 'it ends');
  expect(told.died).toEqual([{ why: 'images to train with: images of 12 × 12 × 3 (height, width, channels), and sequential_1 takes 16 × 16 × 3', againInMs: Infinity }]);
  await executor.stop(1000);
}, 60_000);
