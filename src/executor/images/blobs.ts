import type { Stream } from '../../random/stream.js';

/** A soft spot: a Gaussian in two dimensions, the same in all directions. Places and widths are shares of the image's side, from its centre. */
export interface Blob {
  x: number;
  y: number;
  /** Standard deviation. */
  width: number;
  /** Height above the ground, per channel; may be negative. */
  colour: readonly number[];
}

const BLOBS = 6;

/** What a class looks like: a few spots, placed by its own draws. */
export function drawBlobs(random: Stream, channels: number): Blob[] {
  return Array.from({ length: BLOBS }, () => ({
    x: (random() - 0.5) * 0.7,
    y: (random() - 0.5) * 0.7,
    width: 0.06 + 0.1 * random(),
    colour: Array.from({ length: channels }, () => (random() - 0.5) * 1.2),
  }));
}

/** What befalls an image between the world and its pixels. Lengths are shares of the image's side. */
export interface View {
  shiftX: number;
  shiftY: number;
  scale: number;
  /** Cosine and sine of the rotation about the centre. */
  turn: readonly [cos: number, sin: number];
  /** Standard deviation of the blur. */
  blur: number;
}

/**
 * Spots as they are seen. Nothing is resampled: a turned Gaussian is a Gaussian elsewhere, and one that is blurred by a
 * Gaussian has the sum of both variances and, in two dimensions, its height times the ratio of variances.
 */
export function seen(blobs: readonly Blob[], { shiftX, shiftY, scale, turn: [cos, sin], blur }: View): Blob[] {
  return blobs.map(({ x, y, width, colour }) => {
    const px = x * scale + shiftX;
    const py = y * scale + shiftY;
    const variance = (width * scale) ** 2;
    const blurred = variance + blur ** 2;
    return { x: cos * px - sin * py, y: sin * px + cos * py, width: Math.sqrt(blurred), colour: colour.map((height) => (height * variance) / blurred) };
  });
}

/** Paints spots on grey ground into an image of shape [side, side, channels] at `offset`; values are not yet bound to [0, 1]. */
export function paint(blobs: readonly Blob[], side: number, channels: number, into: Float32Array, offset: number): void {
  for (let row = 0, k = offset; row < side; row++) {
    const y = (row + 0.5) / side - 0.5;
    for (let column = 0; column < side; column++, k += channels) {
      const x = (column + 0.5) / side - 0.5;
      for (let c = 0; c < channels; c++) into[k + c] = 0.5;
      for (const blob of blobs) {
        const weight = Math.exp(-((x - blob.x) ** 2 + (y - blob.y) ** 2) / (2 * blob.width ** 2));
        for (let c = 0; c < channels; c++) into[k + c] += weight * blob.colour[c];
      }
    }
  }
}

/**
 * Cosine and sine of an angle, by their power series: the engine's own may differ in the last bit between Node versions.
 *
 * @param degrees any finite angle
 */
export function turnOf(degrees: number): [cos: number, sin: number] {
  const angle = ((degrees - 360 * Math.round(degrees / 360)) / 180) * Math.PI;
  let [cos, sin, power] = [1, angle, angle];
  // Up to the 27th power: below 1e-15 up to half a turn.
  for (let n = 2; n <= 27; n++) {
    power = (power * angle) / n;
    const term = n % 4 === 2 || n % 4 === 3 ? -power : power;
    if (n % 2 === 0) cos += term;
    else sin += term;
  }
  return [cos, sin];
}
