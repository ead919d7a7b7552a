import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import resources from '../../src/contention/models/resources.js';
import { sharedResources } from '../../src/contention/shared-resources.js';
import { built } from '../experiment/built.js';
import { classesOf, slowdownsOf } from './slowdowns-of.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(root, 'docs/contention/corun-observations.md'), 'utf8');
const { contention } = parse(/```yaml\n(.*?)```/s.exec(page)![1]);

/** Published seconds per epoch beside 0, 1, 2 and 4 inferences, and GPU utilisation in percent beside 0 to 4. */
const published: [string, number[], number[]][] = [
  ['mobilenet_v3_small', [236, 236, 251, 367], [6.37, 21.11, 21.84, 17.22, 14.25]],
  ['resnet50', [226, 245, 264, 412], [44.71, 52.4, 49.77, 39.71, 32.79]],
  ['efficientnet_v2_l', [3543, 3319, 3571, 5253], [34.52, 44.38, 43.96, 37.27, 31.98]],
];

describe.each(published)('%s', (job, seconds, utilisation) => {
  const bound = resources.bind(contention, classesOf('inference:any', `training:${job}`));
  const uses = [contention.classes['inference:*'], contention.classes[`training:${job}`]];

  it('epoch growth beside 1, 2 and 4 inferences is within 5 % of the published one', () => {
    [0, 1, 2, 4].forEach((n, i) => {
      const { slowdown, outside } = slowdownsOf(bound, n, 1);
      expect(outside).toBeUndefined();
      expect(Math.abs(slowdown[1] / (seconds[i] / seconds[0]) - 1)).toBeLessThan(0.05);
    });
  });

  it('the use of the GPU is within 5 points, rises with the first inference and falls from the second to the fourth', () => {
    const use = [0, 1, 2, 3, 4].map((n) => 100 * sharedResources(contention, uses).rates([n, 1]).load[0]);
    use.forEach((ours, n) => expect(Math.abs(ours - utilisation[n])).toBeLessThan(5));
    expect(use[1]).toBeGreaterThan(use[0]);
    expect(use[3]).toBeLessThan(use[2]);
    expect(use[4]).toBeLessThan(use[3]);
  });
});

it('one job gets faster beside an inference, because the clock rises', () => {
  const bound = resources.bind(contention, classesOf('inference:any', 'training:efficientnet_v2_l'));
  expect(slowdownsOf(bound, 1, 1).slowdown[1]).toBeLessThan(0.96);
  const { clock: _, ...fixed } = contention;
  const withoutClock = resources.bind(fixed, classesOf('inference:any', 'training:efficientnet_v2_l'));
  expect(slowdownsOf(withoutClock, 1, 1).slowdown[1]).toBe(1);
});

it('the page comes out of its script again, to the byte', () => {
  built('contention/shared-resources.js');
  const out = mkdtempSync(join(tmpdir(), 'corun-observations-'));
  try {
    execFileSync(process.execPath, [join(root, 'scripts/explain-corun.mjs'), '--out', out], { stdio: 'pipe' });
    expect(readFileSync(join(out, 'docs/contention/corun-observations.md'), 'utf8')).toBe(page);
  } finally {
    rmSync(out, { recursive: true });
  }
});
