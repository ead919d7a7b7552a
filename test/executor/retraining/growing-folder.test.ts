import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { labelled, learningExecutor, newFolder, ownModel, untilLearnt } from './learning-executor.js';
import { SIDE } from './small-model.js';

/** Puts generated images as PNG files into a folder per class. */
async function fill(folder: string, given: { count: number; first: number }): Promise<void> {
  const all = await labelled(given);
  for (const [i, { image, label }] of all.entries()) {
    mkdirSync(join(folder, `class-${label}`), { recursive: true });
    const floats = new Float32Array(image.buffer);
    const png = await sharp(Uint8Array.from(floats, (value) => Math.round(255 * value)), { raw: { width: SIDE, height: SIDE, channels: 3 } }).png().toBuffer();
    writeFileSync(join(folder, `class-${label}`, `${given.first + i}.png`), png);
  }
}

it('images that come while it serves are learnt from in the next epoch, and a folder that is in disorder does not stop it', async () => {
  const folder = newFolder();
  await fill(folder, { count: 80, first: 0 });
  const { executor, told } = await learningExecutor(newFolder(), await ownModel(newFolder()), { folder });
  await executor.begin();
  await untilLearnt(() => executor.control.jobs.epochs[0] >= 2, 'two epochs');
  expect(told.notices).toEqual([]);

  await fill(folder, { count: 60, first: 80 });
  await untilLearnt(() => told.notices.some((notice) => / on it learns from \d+ images, and \d+ are held out$/.test(notice)), 'it has seen them all');
  await untilLearnt(() => told.notices.some((notice) => [...notice.matchAll(/\d+/g)].slice(1).reduce((sum, [count]) => sum + Number(count), 0) === 140), 'it has seen all 140');

  const stray = join(folder, 'stray.png');
  writeFileSync(stray, '');
  await untilLearnt(() => told.notices.some((notice) => notice.startsWith('it goes on with the images that it has: ') && notice.includes('stray.png')), 'it says what is wrong');
  rmSync(stray);
  const { length } = told.deployments;
  await untilLearnt(() => told.deployments.length > length + 1, 'it goes on');
  expect(told.died).toEqual([]);
  expect(executor.training(0).progress!.loaderBoundShare).toBeGreaterThan(0);
  await executor.stop(5000);
}, 90_000);
