import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BITS_PER_PIXEL, imageBytes, type Encoding } from '../../../src/trace/network/payload.js';

const vga = { width: 640, height: 480 };

it('a raw image has three bytes per pixel, whatever the quality', () => {
  expect(imageBytes({ ...vga, encoding: 'raw', quality: 10 })).toBe(640 * 480 * 3);
});

it('the table’s own qualities give its own sizes, those in between lie between, and are linear', () => {
  for (const encoding of ['jpeg', 'webp'] as const)
    for (const [quality, bits] of BITS_PER_PIXEL[encoding]) expect(imageBytes({ ...vga, encoding, quality })).toBe(Math.ceil((640 * 480 * bits) / 8));
  // Halfway between 1.34 at 75 and 1.54 at 80.
  expect(imageBytes({ width: 1000, height: 1000, encoding: 'jpeg', quality: 77 })).toBe(Math.ceil((1e6 * (1.34 + 0.4 * 0.2)) / 8));
});

it('more quality or more pixels are never fewer bytes; webp is smaller than jpeg, and raw is the largest', () => {
  const size = fc.integer({ min: 1, max: 4000 });
  const quality = fc.integer({ min: 1, max: 99 });
  fc.assert(
    fc.property(size, size, quality, fc.constantFrom<Encoding>('jpeg', 'webp', 'png', 'raw'), (width, height, q, encoding) => {
      const bytes = imageBytes({ width, height, encoding, quality: q });
      expect(imageBytes({ width, height, encoding, quality: q + 1 })).toBeGreaterThanOrEqual(bytes);
      expect(imageBytes({ width: width + 1, height, encoding, quality: q })).toBeGreaterThanOrEqual(bytes);
      expect(bytes).toBeLessThanOrEqual(imageBytes({ width, height, encoding: 'raw', quality: q }));
      expect(imageBytes({ width, height, encoding: 'webp', quality: q })).toBeLessThanOrEqual(imageBytes({ width, height, encoding: 'jpeg', quality: q }));
    }),
  );
});

it('docs/networks.md shows the same numbers', () => {
  const docs = readFileSync(new URL('../../../docs/networks.md', import.meta.url), 'utf8');
  for (const encoding of ['jpeg', 'webp'] as const) {
    const shown = [30, 50, 75, 90, 95, 100].map((quality) => BITS_PER_PIXEL[encoding].find(([q]) => q === quality)![1].toFixed(2));
    expect(docs).toContain(`| \`${encoding}\` | ${shown.join(', ')} |`);
  }
  expect(docs).toContain(`| \`png\` | ${BITS_PER_PIXEL.png[0][1]},`);
});
