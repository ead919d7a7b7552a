import { Type } from '@sinclair/typebox';
import { readdir } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import sharp from 'sharp';
import { InputError } from '../../../input/error.js';
import { defineDataset, floatsOf } from '../dataset.js';

/** What is decoded, by the end of its name. */
const IMAGES = ['.jpg', '.jpeg', '.png', '.webp', '.avif', '.gif', '.tif', '.tiff'];
/** What systems leave in folders. */
const LEFTOVERS = /^(\..*|Thumbs\.db|desktop\.ini)$/i;

const before = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

async function entriesOf(path: string): Promise<{ name: string; isFolder: boolean }[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter(({ name }) => !LEFTOVERS.test(name)).map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() })).sort((a, b) => before(a.name, b.name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new InputError(`${path}: ${code === 'ENOENT' ? 'there is no such folder' : code === 'ENOTDIR' ? 'this is a file; a folder with a folder per class is needed' : `it cannot be read (${code})`}`);
  }
}

/** The files of each class, by the name of its folder, in the order of code units: the same on every machine. */
async function filesByClass(path: string): Promise<Map<string, string[]>> {
  const top = await entriesOf(path);
  const stray = top.find(({ isFolder }) => !isFolder);
  if (stray !== undefined) throw new InputError(`${join(path, stray.name)}: a file lies beside the folders of the classes; move it into its class, as ${join(path, '<class>', stray.name)}`);
  if (top.length < 2) throw new InputError(`${path}: there ${top.length === 1 ? `is one folder, ${top[0].name}` : 'is no folder'} in it; a folder per class is needed, and at least two classes`);
  const found = new Map<string, string[]>();
  for (const { name } of top) {
    const files: string[] = [];
    for (const entry of await entriesOf(join(path, name))) {
      const file = join(path, name, entry.name);
      if (entry.isFolder) throw new InputError(`${file}: a folder inside the class ${name}; only images may lie there`);
      if (!IMAGES.includes(extname(entry.name).toLowerCase())) throw new InputError(`${file}: this is no image that is read; there are ${IMAGES.join(', ')}`);
      files.push(file);
    }
    if (files.length === 0) throw new InputError(`${join(path, name)}: the class ${name} has no image; add some, or remove the folder`);
    found.set(name, files);
  }
  return found;
}

const damaged = (file: string, error: unknown): InputError => new InputError(`${file}: the image cannot be decoded: ${(error as Error).message.split('\n')[0]}. Repair or remove it.`);

/** Width and height as they are seen, that is after turning as the camera noted. */
async function sizeOf(file: string): Promise<{ width: number; height: number }> {
  try {
    const { autoOrient } = await sharp(file).metadata();
    return autoOrient;
  } catch (error) {
    throw damaged(file, error);
  }
}

/** The size that all images have. @throws InputError at the first that has another */
async function commonSize(files: readonly string[]): Promise<{ width: number; height: number }> {
  const first = await sizeOf(files[0]);
  for (const file of files) {
    const { width, height } = await sizeOf(file);
    if (width !== first.width || height !== first.height) {
      throw new InputError(`${file}: it is ${width} × ${height}, and ${files[0]} is ${first.width} × ${first.height}; give width and height, and all are brought to them`);
    }
  }
  return first;
}

export default defineDataset({
  name: 'folder',
  about: 'A folder per class with JPEG, PNG, WebP, AVIF, GIF or TIFF images; the name of the folder is the class.',
  options: Type.Object(
    {
      path: Type.String({ minLength: 1, description: 'the folder that has a folder per class' }),
      width: Type.Optional(Type.Integer({ minimum: 1, maximum: 4096, description: 'width in pixels, with height; without both, all images must have one size' })),
      height: Type.Optional(Type.Integer({ minimum: 1, maximum: 4096, description: 'height in pixels, with width; what sticks out at the longer side is cut off evenly' })),
      channels: Type.Optional(Type.Union([Type.Literal(1), Type.Literal(3)], { default: 3, description: '1 is grey, 3 is red, green, blue' })),
    },
    { additionalProperties: false },
  ),
  async open({ path, width, height, channels = 3 }) {
    if ((width === undefined) !== (height === undefined)) throw new InputError(`${path}: ${width === undefined ? 'height is given without width' : 'width is given without height'}; give both, or neither`);
    const byClass = await filesByClass(path);
    const files = [...byClass.values()].flat();
    const size = width !== undefined && height !== undefined ? { width, height } : await commonSize(files);
    const floats = floatsOf({ ...size, channels });

    async function decode(file: string, into: Float32Array, offset: number): Promise<void> {
      try {
        const image = sharp(file, { failOn: 'error' }).autoOrient().resize(size.width, size.height, { fit: 'cover' }).flatten();
        const { data, info } = await (channels === 1 ? image.toColourspace('b-w') : image.toColourspace('srgb')).raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
        if (info.channels !== channels) throw new Error(`it came out with ${info.channels} channels instead of ${channels}`);
        for (let k = 0; k < floats; k++) into[offset + k] = data[k] / 255;
      } catch (error) {
        throw damaged(file, error);
      }
    }
    return {
      classes: [...byClass.keys()],
      ...size,
      channels,
      labels: Uint16Array.from([...byClass.values()].flatMap((ofClass, label) => ofClass.map(() => label))),
      names: files.map((file) => relative(path, file).replaceAll(sep, '/')),
      async read(indices, into) {
        await Promise.all(indices.map((index, i) => decode(files[index], into, i * floats)));
      },
    };
  },
});
