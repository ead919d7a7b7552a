import { mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Checkpoints } from '../../../src/executor/retraining/checkpoints.js';
import { writeDurably, type WriteDurably } from '../../../src/executor/retraining/durable.js';
import type { TensorFile } from '../../../src/executor/retraining/tensor-file.js';
import { InputError } from '../../../src/input/error.js';

interface About {
  step: number;
}
const state = (step: number): TensorFile<About> => ({ about: { step }, tensors: [{ name: 'w', shape: [2], values: Float32Array.of(step, -step) }] });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corun-checkpoints-'));
});
afterEach(() => rm(folder, { recursive: true }));

const saved = async (steps: number[], write?: WriteDurably): Promise<Checkpoints<About>> => {
  const checkpoints = await Checkpoints.open<About>(folder, write);
  for (const step of steps) await checkpoints.save(state(step));
  return checkpoints;
};
const last = async () => (await Checkpoints.open<About>(folder)).last();
const fails = (code: string): never => {
  throw Object.assign(new Error(`${code}: write`), { code });
};
/** Writes half of the bytes, and then there is no room. */
const fullDisk: WriteDurably = (path, bytes) =>
  writeDurably(path, bytes, async (name, flags) => {
    const file = await open(name, flags);
    return {
      writeFile: async (whole) => {
        await file.writeFile(whole.subarray(0, whole.length / 2));
        fails('ENOSPC');
      },
      sync: () => file.sync(),
      close: () => file.close(),
    };
  });

it('has none at first, and then the last; two are kept', async () => {
  expect(await last()).toEqual({ checkpoint: undefined, passedOver: [] });
  await saved([1, 2, 3]);
  expect((await readdir(folder)).sort()).toEqual(['checkpoint-00000002.bin', 'checkpoint-00000003.bin']);
  expect((await last()).checkpoint).toMatchObject(state(3));
});

describe('a damaged file', () => {
  const newest = () => join(folder, 'checkpoint-00000002.bin');
  const damages: [string, () => Promise<void>, RegExp][] = [
    ['torn', async () => truncate(newest(), 40), /cut short/],
    ['empty', async () => truncate(newest(), 0), /0 bytes/],
    ['with a flipped bit', async () => writeFile(newest(), (await readFile(newest())).map((byte, i) => (i === 30 ? byte ^ 4 : byte))), /checksum/],
    ['of something else', async () => writeFile(newest(), 'x'.repeat(100)), /does not begin/],
  ];

  it.each(damages)('%s is named, and the one before is used', async (_name, damage, reason) => {
    await saved([1, 2]);
    await damage();
    const { checkpoint, passedOver } = await last();
    expect(checkpoint).toMatchObject(state(1));
    expect(passedOver).toEqual([{ path: newest(), reason: expect.stringMatching(reason) as string }]);
  });

  it('is not what is kept when the next one is written', async () => {
    await saved([1, 2]);
    await truncate(newest(), 40);
    const checkpoints = await Checkpoints.open<About>(folder);
    await checkpoints.last();
    await checkpoints.save(state(3));
    expect((await readdir(folder)).sort()).toEqual(['checkpoint-00000001.bin', 'checkpoint-00000003.bin']);
  });
});

describe('a full disk', () => {
  it('is told, leaves the last one usable and nothing half written, and training can go on to the next', async () => {
    await saved([1, 2]);
    let isFull = true;
    const checkpoints = await Checkpoints.open<About>(folder, (path, bytes) => (isFull ? fullDisk : writeDurably)(path, bytes));
    await checkpoints.last();
    const { failed } = await checkpoints.save(state(3));
    expect(failed).toMatch(/checkpoint-00000003\.bin: the checkpoint of 0\.0 MiB could not be written: the disk is full \(ENOSPC\); checkpoint-00000002\.bin stays in use/);
    expect((await readdir(folder)).sort()).toEqual(['checkpoint-00000001.bin', 'checkpoint-00000002.bin']);
    expect((await last()).checkpoint).toMatchObject(state(2));
    isFull = false;
    expect((await checkpoints.save(state(4))).failed).toBeUndefined();
    expect((await last()).checkpoint).toMatchObject(state(4));
  });

  it('says that there is no earlier one, where there is none', async () => {
    const { failed } = await (await Checkpoints.open<About>(folder, fullDisk)).save(state(1));
    expect(failed).toMatch(/begin anew/);
  });

  it('says of deployed weights that a later server will not have them', async () => {
    const checkpoints = await Checkpoints.open<About>(folder, fullDisk);
    expect(await checkpoints.saveDeployed(new Uint8Array(10))).toMatch(/deployed\.bin: .*disk is full \(ENOSPC\); a server that starts later uses those before them/);
    expect(await checkpoints.deployed()).toBeUndefined();
  });
});

it('removes what a killed process left half written', async () => {
  await saved([1]);
  await writeFile(join(folder, 'checkpoint-00000002.bin.new'), 'half');
  await last();
  expect(await readdir(folder)).toEqual(['checkpoint-00000001.bin']);
});

it('syncs the file before it has its name, and then the folder', async () => {
  const calls: string[] = [];
  await writeDurably(join(folder, 'a.bin'), Uint8Array.of(1), async (path, flags) => {
    const file = await open(path, flags);
    const name = path === folder ? 'folder' : 'file';
    return {
      writeFile: (bytes) => file.writeFile(bytes),
      sync: async () => {
        calls.push(`sync ${name}, ${(await readdir(folder)).join()}`);
        await file.sync();
      },
      close: () => file.close(),
    };
  });
  expect(calls).toEqual(['sync file, a.bin.new', 'sync folder, a.bin']);
});

it('refuses a folder that cannot be one', async () => {
  await writeFile(join(folder, 'file'), '');
  await expect(Checkpoints.open(join(folder, 'file'))).rejects.toThrow(InputError);
});
