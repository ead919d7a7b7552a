import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { loadProfile } from '../../src/profile/load.js';
import { built } from '../experiment/built.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const file = 'calibration/rtx3080ti-shares.json';
const json = (path: string): Record<string, unknown> => JSON.parse(readFileSync(join(root, path), 'utf8')) as Record<string, unknown>;

it('loads, and differs from the profile without shares in nothing but what it says of them', async () => {
  const { shares, name: _, about: __, source: ___, assumptions: ____, ...rest } = await loadProfile(join(root, file));
  const { name: _a, about: _b, source: _c, assumptions: _d, ...base } = json('calibration/rtx3080ti.json');
  expect(rest).toEqual(base);
  expect(shares!.percent).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
});

it('comes out of the script again, to the byte', () => {
  built('policy/planners/ekya/speed.js');
  const out = mkdtempSync(join(tmpdir(), 'corun-profile-'));
  try {
    execFileSync(process.execPath, [join(root, 'scripts/make-rtx3080ti-shares-profile.mjs'), '--out', out], { stdio: 'pipe' });
    expect(readFileSync(join(out, file), 'utf8')).toBe(readFileSync(join(root, file), 'utf8'));
  } finally {
    rmSync(out, { recursive: true });
  }
});
