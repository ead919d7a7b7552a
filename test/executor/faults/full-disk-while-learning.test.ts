import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Outcome } from '../../../src/control/driver.js';
import { classify, labelled, learningExecutor, newFolder, ownModel, untilLearnt } from '../retraining/learning-executor.js';

/** Makes a folder refuse what is written to it as a full disk does: unfinished files lead to /dev/full. @returns what frees the disk */
function fillDisk(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const fill = (): void => {
    for (const name of ['deployed.bin', ...Array.from({ length: 40 }, (_, i) => `checkpoint-${String(i + 1).padStart(8, '0')}.bin`)]) {
      try {
        symlinkSync('/dev/full', join(folder, `${name}.new`));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  };
  const filling = setInterval(fill, 2);
  return () => clearInterval(filling);
}

const isReal = (name: string): boolean => name.endsWith('.bin');

it('a disk that is full while checkpoints are written: serving and training go on, what is better is deployed, and the job says so', async () => {
  const state = newFolder();
  const free = fillDisk(join(state, 'small'));
  try {
    const { executor, told, folder } = await learningExecutor(state, await ownModel(newFolder()), { count: 120 });
    const [{ image }] = await labelled({ count: 1, first: 9000 });
    await executor.begin();
    const before = await classify(executor, image);
    await untilLearnt(() => told.inPlace.length >= 1 && told.notices.some((notice) => notice.includes('deployed.bin')), 'a deploy');
    const after = await classify(executor, image);
    expect(after.outcome).toBe(Outcome.answered);
    expect(after.scores).not.toBe(before.scores);
    expect(told.notices).toContainEqual(expect.stringMatching(/the checkpoint of 0\.\d MiB could not be written: the disk is full \(ENOSPC\); there is no earlier one/));
    expect(told.notices).toContainEqual(expect.stringMatching(/deployed\.bin: the weights that serve from now on could not be written: the disk is full/));
    expect(readdirSync(folder).filter(isReal)).toEqual([]);
    expect(told.died).toEqual([]);

    free();
    await untilLearnt(() => readdirSync(folder).some((name) => isReal(name) && name.startsWith('checkpoint')), 'a checkpoint, once there is room');
    await executor.stop(5000);
  } finally {
    free();
  }
}, 90_000);
