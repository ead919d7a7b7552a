/** How the pixels of an image are packed for the way to the site. */
export type Encoding = 'jpeg' | 'webp' | 'png' | 'raw';

export interface Image {
  width: number;
  height: number;
  encoding: Encoding;
  /** 1 to 100, of JPEG and WebP. */
  quality: number;
}

type Points = readonly (readonly [quality: number, bitsPerPixel: number])[];

/**
 * Bits per pixel by quality: the mean over four photographs that come with scikit-image 0.26 (astronaut, coffee, chelsea,
 * motorcycle_left), packed by Pillow 13.0 with its defaults (JPEG with 4:2:0 chroma, baseline Huffman tables). PNG is the
 * same with `optimize`, whatever the quality; raw is 8 bits for each of three channels. Between two qualities: linear.
 * Photographs differ: these four by ±20 %, and dark or blurred ones by far more.
 */
export const BITS_PER_PIXEL: Readonly<Record<Encoding, Points>> = {
  jpeg: [
    [1, 0.35],
    [10, 0.35],
    [30, 0.66],
    [50, 0.9],
    [60, 1.03],
    [75, 1.34],
    [80, 1.54],
    [85, 1.81],
    [90, 2.28],
    [95, 3.29],
    [100, 6.68],
  ],
  webp: [
    [1, 0.3],
    [10, 0.3],
    [30, 0.49],
    [50, 0.68],
    [60, 0.77],
    [75, 0.93],
    [80, 1.14],
    [85, 1.41],
    [90, 1.88],
    [95, 2.73],
    [100, 3.77],
  ],
  png: [[1, 13.64]],
  raw: [[1, 24]],
};

/** Bytes of an image on the way: width × height × bits per pixel / 8, rounded up. */
export function imageBytes({ width, height, encoding, quality }: Image): number {
  const points = BITS_PER_PIXEL[encoding];
  const above = points.findIndex(([q]) => q >= quality);
  const [highQuality, high] = points[above < 0 ? points.length - 1 : above];
  const [lowQuality, low] = points[Math.max(0, (above < 0 ? points.length : above) - 1)];
  const bits = highQuality === lowQuality ? high : low + ((quality - lowQuality) / (highQuality - lowQuality)) * (high - low);
  return Math.ceil((width * height * bits) / 8);
}
