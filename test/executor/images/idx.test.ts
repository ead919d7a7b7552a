import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { openImages } from '../../../src/executor/images/datasets.js';

const folder = mkdtempSync(join(tmpdir(), 'corun-idx-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function idx(shape: readonly number[], values: ArrayLike<number>, type = 8): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, type, shape.length]);
  shape.forEach((length, i) => header.writeUInt32BE(length, 4 + 4 * i));
  return Buffer.concat([header, Uint8Array.from(values)]);
}

function write(images: Buffer, labels: Buffer): { kind: 'idx'; images: string; labels: string } {
  const paths = { images: join(folder, 'images'), labels: join(folder, 'labels') };
  writeFileSync(paths.images, images);
  writeFileSync(paths.labels, labels);
  return { kind: 'idx', ...paths };
}

const three = idx([3, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255]);
const labels = idx([3], [2, 0, 1]);

describe('idx', () => {
  it('gives back every byte that was written, as a share of 255, plain and packed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), fc.constantFrom(1, 3), fc.boolean(), fc.infiniteStream(fc.nat(255)), async (count, height, width, channels, packed, source) => {
        const bytes = Array.from({ length: count * height * width * channels }, () => source.next().value);
        const ofImages = Array.from({ length: count }, () => source.next().value % 3);
        const pack = (file: Buffer) => (packed ? gzipSync(file) : file);
        const opened = await openImages(write(pack(idx(channels === 1 ? [count, height, width] : [count, height, width, 3], bytes)), pack(idx([count], ofImages))));
        expect(opened).toMatchObject({ width, height, channels });
        expect([...opened.labels]).toEqual(ofImages);
        const into = new Float32Array(bytes.length);
        await opened.read(ofImages.map((_, i) => count - 1 - i), into);
        const one = height * width * channels;
        expect([...into].map((value) => Math.round(value * 255))).toEqual(ofImages.flatMap((_, i) => bytes.slice((count - 1 - i) * one, (count - i) * one)));
      }),
      { numRuns: 40 },
    );
  });

  it('names the classes, by number unless told', async () => {
    expect((await openImages(write(three, labels))).classes).toEqual(['0', '1', '2']);
    expect((await openImages({ ...write(three, labels), classes: ['a', 'b', 'c'] })).classes).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['the files swapped', labels, three, /images: it has 1 dimension; images have 3 or 4; is this the file with the labels\?/],
    ['no IDX file', Buffer.from('\x89PNG\r\n'), labels, /begins with c2 89|begins with 89 50 4e 47, so it is no IDX file; one with images begins with 00 00 08 03/],
    ['floats', idx([3, 2, 2], new Uint8Array(12), 0x0d), labels, /values are of type 0x0d; unsigned bytes \(0x08\) are needed/],
    ['images cut off', three.subarray(0, -1), labels, /tells of 3 × 2 × 2 values, 28 bytes with the header, and it has 27; it was cut off/],
    ['a header cut off', three.subarray(0, 9), labels, /ends after 9 bytes, within its header of 16/],
    ['bytes at the end', Buffer.concat([three, Buffer.from('x')]), labels, /it has 29; something was added to it/],
    ['a packed file cut off', gzipSync(three).subarray(0, -9), labels, /the gzip file is damaged or was cut off/],
    ['an empty file', Buffer.alloc(0), labels, /it has 0 bytes/],
    ['other labels', three, idx([2], [0, 1]), /there are 2 labels for the 3 images/],
    ['two channels', idx([3, 1, 2, 2], new Uint8Array(12)), labels, /images have 2 channels; 1 \(grey\) or 3/],
    ['no images', idx([0, 2, 2], []), idx([0], []), /there is no image in it \(0 × 2 × 2\)/],
  ])('teaches: %s', async (_, images, ofImages, message) => {
    await expect(openImages(write(images, ofImages))).rejects.toThrow(message);
  });

  it('teaches a label beyond the classes, a missing file and a misspelt option', async () => {
    await expect(openImages({ ...write(three, labels), classes: ['a', 'b'] })).rejects.toThrow(/label 0 is 2, and there are 2 classes/);
    await expect(openImages({ kind: 'idx', images: join(folder, 'none'), labels: 'l' })).rejects.toThrow(/none: there is no such file/);
    await expect(openImages({ kind: 'idx', image: 'a', labels: 'l' }, 'retraining.yaml')).rejects.toThrow(/retraining\.yaml.*image: unknown field; did you mean images\?/);
    await expect(openImages({ kind: 'idxs' })).rejects.toThrow('images: kind: "idxs" is no kind of images; there are folder, idx, generated; did you mean idx?');
  });
});
