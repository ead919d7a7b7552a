import sharp from 'sharp';
import type { TensorSpec } from '../engines/engine.js';

export interface ImageLimits {
  /** Longest side, pixels. */
  side: number;
  /** Most pixels that are decoded. */
  pixels: number;
  /** Longest time that decoding may take, s. */
  seconds: number;
}

export const IMAGE_LIMITS: ImageLimits = { side: 16_384, pixels: 50_000_000, seconds: 10 };

/** An image that is not taken, and the status that says so. The message is for the client. */
export class BadImage extends Error {
  override readonly name = 'BadImage';
  readonly statusCode: number;
  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

/** What a body is by its first bytes, so that nothing else reaches a decoder. @returns undefined if it is taken, else what it is instead */
function otherThanTaken(bytes: Buffer): string | undefined {
  const starts = (text: string, at = 0): boolean => bytes.subarray(at, at + text.length).equals(Buffer.from(text, 'latin1'));
  if (starts('\xff\xd8\xff') || starts('\x89PNG\r\n\x1a\n') || (starts('RIFF') && starts('WEBP', 8))) return undefined;
  if (bytes.length === 0) return 'it is empty';
  if (starts('GIF8')) return 'it is a GIF';
  if (starts('ftyp', 4)) return 'it is an AVIF, HEIC or MP4 file';
  if (starts('II*\0') || starts('MM\0*')) return 'it is a TIFF';
  if (starts('--') && bytes.subarray(0, 1024).includes('Content-Disposition')) return 'it is a form; send the file itself, as curl --data-binary @photo.jpg does';
  return /^[\x20-\x7e\s]+$/.test(bytes.subarray(0, 64).toString('latin1')) ? 'it is text' : `it begins with ${bytes.subarray(0, 4).toString('hex').replace(/..(?!$)/g, '$& ')}`;
}

/**
 * Decodes a photograph in a thread of libvips: turned as its camera noted, scaled to fill the model's input, what sticks out cut off
 * evenly, transparency black.
 *
 * @param input [height, width, 1 or 3]
 * @returns one byte per element
 * @throws BadImage
 */
export async function decodeImage(bytes: Buffer, { name, shape }: TensorSpec, { side, pixels, seconds }: ImageLimits = IMAGE_LIMITS): Promise<Uint8Array> {
  const [height, width, channels] = shape;
  if (shape.length !== 3 || (channels !== 1 && channels !== 3)) throw new BadImage(400, `the model does not take images: its ${name} has the shape [${shape.join(', ')}]`);
  const instead = otherThanTaken(bytes);
  if (instead !== undefined) throw new BadImage(415, `the body must be a JPEG, PNG or WebP image; ${instead}`);
  const image = sharp(bytes, { failOn: 'error', limitInputPixels: pixels }).timeout({ seconds });
  try {
    const told = await image.metadata();
    if (told.width > side || told.height > side) throw new BadImage(413, `the image is ${told.width} × ${told.height} pixels; at most ${side} each way are decoded`);
    const scaled = image.autoOrient().resize(width, height, { fit: 'cover' }).flatten();
    const { data, info } = await (channels === 1 ? scaled.toColourspace('b-w') : scaled.toColourspace('srgb')).raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    if (info.channels !== channels) throw new BadImage(400, `the image came out with ${info.channels} channels instead of ${channels}`);
    return data;
  } catch (error) {
    if (error instanceof BadImage) throw error;
    const message = (error as Error).message.split('\n')[0];
    throw /pixel limit/i.test(message) ? new BadImage(413, `the image has more than ${pixels / 1e6} million pixels; make it smaller, the model takes ${width} × ${height}`) : new BadImage(400, `the image is damaged: ${message}`);
  }
}
