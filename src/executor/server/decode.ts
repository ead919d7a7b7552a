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

/** By its first bytes, so that nothing else reaches a decoder. */
function isKnown(bytes: Buffer): boolean {
  const starts = (text: string, at = 0): boolean => bytes.subarray(at, at + text.length).equals(Buffer.from(text, 'latin1'));
  return starts('\xff\xd8\xff') || starts('\x89PNG\r\n\x1a\n') || (starts('RIFF') && starts('WEBP', 8));
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
  if (!isKnown(bytes)) throw new BadImage(415, 'the body must be a JPEG, PNG or WebP image');
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
    throw /pixel limit/i.test(message) ? new BadImage(413, `the image has more than ${pixels} pixels`) : new BadImage(400, `the image is damaged: ${message}`);
  }
}
