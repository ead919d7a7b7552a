import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { InputError } from '../../../input/error.js';
import { IdxImages } from '../../../scenario/training-images.js';
import { defineDataset, floatsOf } from '../dataset.js';

const unpack = promisify(gunzip);

/** The type code of unsigned bytes, the only one that images and labels come in. */
const UNSIGNED_BYTE = 0x08;

interface Idx {
  /** Length of each dimension. */
  shape: number[];
  bytes: Uint8Array;
}

/**
 * Reads an IDX file of unsigned bytes, plain or gzip, told apart by the first bytes: two zero bytes, the type, the number of
 * dimensions, the length of each as 32 bits with the highest byte first, then the values (Y. LeCun, the MNIST database).
 *
 * @param what what should be in it, for messages
 */
async function readIdx(path: string, what: 'images' | 'labels', dimensions: readonly number[]): Promise<Idx> {
  const raw = await bytesOf(path);
  if (raw.length < 4) throw new InputError(`${path}: it has ${raw.length} bytes; an IDX file begins with 4 that say what is in it`);
  if (raw[0] !== 0 || raw[1] !== 0) throw new InputError(`${path}: it begins with ${hex(raw.subarray(0, 4))}, so it is no IDX file; one with ${what} begins with 00 00 08 0${dimensions[0]}`);
  if (raw[2] !== UNSIGNED_BYTE) throw new InputError(`${path}: its values are of type 0x${hex(raw.subarray(2, 3))}; unsigned bytes (0x08) are needed`);
  const count = raw[3];
  if (!dimensions.includes(count)) {
    const other = what === 'images' ? 'labels' : 'images';
    const swapped = (count === 1) === (what === 'labels') ? '' : `; is this the file with the ${other}?`;
    throw new InputError(`${path}: it has ${count} ${count === 1 ? 'dimension' : 'dimensions'}; ${what} have ${dimensions.join(' or ')}${swapped}`);
  }
  const header = 4 + 4 * count;
  if (raw.length < header) throw new InputError(`${path}: it ends after ${raw.length} bytes, within its header of ${header}; it was cut off`);
  const shape = Array.from({ length: count }, (_, i) => raw.readUInt32BE(4 + 4 * i));
  const expected = header + shape.reduce((product, length) => product * length, 1);
  if (raw.length !== expected) {
    const wrong = raw.length < expected ? 'it was cut off' : 'something was added to it';
    throw new InputError(`${path}: its header tells of ${shape.join(' × ')} values, ${expected} bytes with the header, and it has ${raw.length}; ${wrong}`);
  }
  return { shape, bytes: raw.subarray(header) };
}

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');

async function bytesOf(path: string): Promise<Buffer> {
  let packed: Buffer;
  try {
    packed = await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new InputError(`${path}: ${code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`}`);
  }
  if (packed[0] !== 0x1f || packed[1] !== 0x8b) return packed;
  try {
    return await unpack(packed);
  } catch (error) {
    throw new InputError(`${path}: the gzip file is damaged or was cut off: ${(error as Error).message}`);
  }
}

export default defineDataset({
  name: 'idx',
  about: 'The files of MNIST and Fashion-MNIST: one with images, one with labels, plain or gzip.',
  options: IdxImages,
  async open({ images: imagesPath, labels: labelsPath, classes: named }) {
    const images = await readIdx(imagesPath, 'images', [3, 4]);
    const labels = await readIdx(labelsPath, 'labels', [1]);
    const [count, height, width, channels = 1] = images.shape;
    if (channels !== 1 && channels !== 3) throw new InputError(`${imagesPath}: its images have ${channels} channels; 1 (grey) or 3 (red, green, blue) are needed`);
    if (count === 0 || width === 0 || height === 0) throw new InputError(`${imagesPath}: there is no image in it (${images.shape.join(' × ')})`);
    if (labels.shape[0] !== count) throw new InputError(`${labelsPath}: there are ${labels.shape[0]} labels for the ${count} images of ${imagesPath}; do the two files belong together?`);
    const greatest = labels.bytes.reduce((most, label) => Math.max(most, label), 0);
    const classes = named ?? Array.from({ length: Math.max(2, greatest + 1) }, (_, i) => String(i));
    if (greatest >= classes.length) {
      const at = labels.bytes.findIndex((label) => label >= classes.length);
      throw new InputError(`${labelsPath}: label ${at} is ${labels.bytes[at]}, and there are ${classes.length} classes (labels begin at 0)`);
    }
    const floats = floatsOf({ width, height, channels });
    return {
      classes,
      width,
      height,
      channels,
      labels: Uint16Array.from(labels.bytes),
      async read(indices, into) {
        for (const [i, index] of indices.entries()) for (let k = 0; k < floats; k++) into[i * floats + k] = images.bytes[index * floats + k] / 255;
      },
    };
  },
});
