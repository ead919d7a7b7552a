import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Profile } from '../../src/profile/schema.js';

const profile = (name: string): Profile => JSON.parse(readFileSync(new URL(`../../calibration/modi/${name}.json`, import.meta.url), 'utf8')) as Profile;

// Load, inference and total of InceptionV3 on the phone, in ms: MODI's on-device figure, read off to ± 10 ms.
it.each([
  ['nexus5', 1730, 1245, 2975],
  ['lg-g3', 1912, 1365, 3280],
  ['moto-g5-plus', 1740, 1655, 3395],
  ['pixel2', 822, 538, 1360],
])('%s loads and infers as in the published figure', (phone, load, infer, total) => {
  const { load_ms, solo_ms } = profile(phone).models.inception_v3;
  expect([load_ms, solo_ms]).toEqual([load, infer]);
  expect(Math.abs(load_ms! + solo_ms - total)).toBeLessThanOrEqual(10);
});

it('even the quickest phone with a warm model is slower than campus WiFi or LTE and the edge', () => {
  const edge = profile('edge').models.inception_v3.solo_ms;
  for (const [transferMs, totalMs] of [[166, 374], [228, 436]]) {
    expect(Math.abs(transferMs + edge - totalMs)).toBeLessThanOrEqual(3);
    expect(profile('pixel2').models.inception_v3.solo_ms).toBeGreaterThan(transferMs + edge);
  }
});
