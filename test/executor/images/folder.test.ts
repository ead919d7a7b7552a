import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openImages } from '../../../src/executor/images/datasets.js';

let root: string;
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'corun-folder-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

type Colour = readonly [r: number, g: number, b: number];

async function image(path: string, width: number, height: number, [r, g, b]: Colour): Promise<void> {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  await sharp({ create: { width, height, channels: 3, background: { r, g, b } } }).toFile(join(root, path));
}
const open = (more = {}) => openImages({ kind: 'folder', path: root, ...more });

describe('folder', () => {
  it('takes the folders as classes in order, and decodes colours exactly where the format keeps them', async () => {
    await image('cat/b.png', 4, 3, [255, 0, 51]);
    await image('cat/a.webp', 4, 3, [0, 0, 0]);
    await image('Dog/x.png', 4, 3, [0, 102, 255]);
    writeFileSync(join(root, 'cat/.DS_Store'), '');
    const opened = await open();
    expect(opened).toMatchObject({ classes: ['Dog', 'cat'], width: 4, height: 3, channels: 3 });
    expect([...opened.labels]).toEqual([0, 1, 1]);
    const into = new Float32Array(2 * 36);
    await opened.read([2, 0], into);
    expect([...into.subarray(0, 3)].map((value) => Math.round(value * 255))).toEqual([255, 0, 51]);
    expect([...into.subarray(36, 39)].map((value) => Math.round(value * 255))).toEqual([0, 102, 255]);
  });

  it('brings images of all sizes and formats to one size, also grey ones, ones with alpha, and to grey', async () => {
    await image('a/1.jpg', 40, 20, [200, 200, 200]);
    await image('b/1.webp', 10, 30, [200, 200, 200]);
    await sharp({ create: { width: 9, height: 9, channels: 4, background: { r: 200, g: 200, b: 200, alpha: 1 } } }).toFile(join(root, 'b/2.png'));
    await sharp({ create: { width: 9, height: 9, channels: 3, background: { r: 200, g: 200, b: 200 } } }).toColourspace('b-w').toFile(join(root, 'b/3.png'));
    for (const channels of [1, 3] as const) {
      const opened = await open({ width: 8, height: 6, channels });
      const into = new Float32Array(4 * 48 * channels);
      await opened.read([0, 1, 2, 3], into);
      for (const value of into) expect(Math.abs(value * 255 - 200)).toBeLessThan(2);
    }
  });

  it('turns a photograph as the camera noted', async () => {
    await image('b/1.png', 2, 4, [0, 0, 0]);
    mkdirSync(join(root, 'a'));
    await sharp({ create: { width: 4, height: 2, channels: 3, background: { r: 0, g: 0, b: 0 } } }).withMetadata({ orientation: 6 }).toFile(join(root, 'a/1.jpg'));
    expect(await open()).toMatchObject({ width: 2, height: 4 });
  });

  it.each<[string, () => Promise<void> | void, RegExp]>([
    ['mixed sizes', async () => void (await image('a/1.png', 4, 4, [0, 0, 0]), await image('b/1.png', 5, 4, [0, 0, 0])), /b.1\.png: it is 5 × 4, and .*a.1\.png is 4 × 4; give width and height/],
    ['an empty class', async () => void (await image('a/1.png', 4, 4, [0, 0, 0]), mkdirSync(join(root, 'b'))), /the class b has no image; add some, or remove the folder/],
    ['one class', () => image('a/1.png', 4, 4, [0, 0, 0]), /there is one folder, a in it|there is one folder, a.*at least two classes/],
    ['no class', () => {}, /there is no folder in it; a folder per class is needed/],
    ['images without classes', () => image('1.png', 4, 4, [0, 0, 0]), /1\.png: a file lies beside the folders of the classes/],
    ['another file', async () => void (await image('a/1.png', 4, 4, [0, 0, 0]), mkdirSync(join(root, 'b')), writeFileSync(join(root, 'b/labels.csv'), '')), /labels\.csv: this is no image that is read/],
    ['a folder within a class', async () => void (await image('a/1.png', 4, 4, [0, 0, 0]), await image('b/c/1.png', 4, 4, [0, 0, 0])), /b.c: a folder inside the class b/],
    ['a file that is no image', async () => void (await image('a/1.png', 4, 4, [0, 0, 0]), mkdirSync(join(root, 'b')), writeFileSync(join(root, 'b/1.png'), 'no image')), /b.1\.png: the image cannot be decoded/],
  ])('teaches: %s', async (_, make, message) => {
    await make();
    await expect(open()).rejects.toThrow(message);
  });

  it('names a truncated image when it is read, and refuses half a size and a folder that is not there', async () => {
    await image('a/1.png', 64, 64, [9, 8, 7]);
    await image('b/1.png', 64, 64, [1, 2, 3]);
    writeFileSync(join(root, 'b/1.png'), (await sharp(join(root, 'b/1.png')).toBuffer()).subarray(0, 90));
    const opened = await open({ width: 8, height: 8 });
    await expect(opened.read([1], new Float32Array(192))).rejects.toThrow(/b.1\.png: the image cannot be decoded/);
    await expect(open({ width: 8 })).rejects.toThrow('width is given without height; give both, or neither');
    await expect(openImages({ kind: 'folder', path: join(root, 'none') })).rejects.toThrow('there is no such folder');
  });
});
