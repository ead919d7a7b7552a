import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { igniterPredict } from '../../src/contention/igniter.js';
import { batchMs } from '../../src/profile/batch.js';
import { predictCoRun } from '../../src/profile/co-run.js';
import { loadProfile } from '../../src/profile/load.js';
import type { Profile } from '../../src/profile/schema.js';
import { v100, v100Models } from '../contention/igniter-v100.js';
import { built } from '../experiment/built.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const profile: Profile = JSON.parse(read('calibration/v100-igniter.json'));
const published = parse(read('calibration/published/igniter-v100.yaml'));

describe('the file', () => {
  it('loads', async () => {
    expect(await loadProfile(join(root, 'calibration/v100-igniter.json'))).toEqual(profile);
  });

  it('and its page come out of the script again, to the byte', () => {
    built('contention/igniter.js');
    const out = mkdtempSync(join(tmpdir(), 'corun-profile-'));
    try {
      execFileSync(process.execPath, [join(root, 'scripts/make-v100-igniter-profile.mjs'), '--out', out], { stdio: 'pipe' });
      for (const path of ['calibration/v100-igniter.json', 'docs/profiles/v100-igniter.md']) expect(readFileSync(join(out, path), 'utf8')).toBe(read(path));
    } finally {
      rmSync(out, { recursive: true });
    }
  });

  it('restates the published coefficients, and keeps the power at rest and at the cap', () => {
    const contention = profile.contention!;
    if (contention.model !== 'igniter') throw new Error('another model');
    expect(contention.gpu).toEqual(v100);
    for (const [name, coefficients] of Object.entries(v100Models)) expect(contention.models[name]).toMatchObject(coefficients);
    expect(published.gpu).toMatchObject({ idle_power_w: 53.5, power_cap_w: 300 });
  });
});

describe('what it predicts', () => {
  it('the published plan: three models at once, each within half its SLO at the planned batch', () => {
    const models = ['alexnet', 'resnet50', 'vgg19'];
    const run = predictCoRun(profile, models, undefined);
    expect(run.outside).toBeUndefined();
    [4, 8, 6].forEach((batch, i) => {
      const model = profile.models[models[i]];
      const ms = (run.latencyMs[i] / model.solo_ms) * batchMs(model, batch);
      expect(ms).toBeLessThanOrEqual([15, 40, 60][i] / 2);
      expect(ms).toBeGreaterThan([15, 40, 60][i] / 2 * 0.9);
    });
  });

  it('measured solo times on a whole GPU, by the fit, within its published errors', () => {
    for (const name of Object.keys(v100Models)) {
      const { most } = published.solo_fit_error_percent[name];
      published.solo_ms.batches.forEach((batch: number, i: number) =>
        published.solo_ms.shares_percent.forEach((share_percent: number, j: number) => {
          const coefficients = v100Models[name as keyof typeof v100Models];
          const [{ gpuMs }] = igniterPredict({ ...v100, power_cap_w: 1e6 }, [{ model: coefficients, batch, share_percent }]);
          expect(Math.abs(gpuMs / published.solo_ms[name][i][j] - 1) * 100).toBeLessThan(most + 0.6);
        }),
      );
    }
  });

  it('four models once each fill the GPU, a second process of any is outside', () => {
    const all = Object.keys(v100Models);
    expect(predictCoRun(profile, all, undefined).outside).toBeUndefined();
    for (const name of all) expect(predictCoRun(profile, [...all, name], undefined).outside).toMatch(/^shares add up to 1\d\d(\.5)? %/);
  });
});
