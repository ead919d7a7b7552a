import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { replicate } from '../../../src/experiment/replication.js';
import type { NamedProfile, Workload } from '../../../src/scenario/scenario.js';
import { alternative, profileOf } from '../../simulator/alternative.js';
import { workersAfter } from './workers-after.js';

const v100 = JSON.parse(readFileSync(fileURLToPath(new URL('../../../calibration/v100-igniter.json', import.meta.url)), 'utf8')) as NamedProfile;
const app = (model: string, slo_ms: number, rate_rps: number): Workload => ({ app: model, stages: [{ model }], slo_ms, arrivals: { process: 'even', rate_rps } });
const rates = { alexnet: 500, resnet50: 400, vgg19: 200 };
const published = [app('alexnet', 15, 500), app('resnet50', 40, 400), app('vgg19', 60, 200)];
const setup = { workload: published, sites: v100, dispatch: 'as-planned', durationS: 1, extrapolation: 'label' } as const;

it('makes the published plan from the profile of the published GPU, and the plan holds its SLOs', async () => {
  const made = alternative({ ...setup, place: { policy: 'igniter', rates_rps: rates } });
  expect(await workersAfter(made)).toEqual([
    { app: 'alexnet', accelerator: 0, sharePercent: 10, batch: 4 },
    { app: 'resnet50', accelerator: 0, sharePercent: 30, batch: 8 },
    { app: 'vgg19', accelerator: 0, sharePercent: 37.5, batch: 6 },
  ]);
  const { measured } = await replicate({ alternative: made, replication: 0, warmUpMs: 0 });
  for (const { withSlo, inSlo } of measured!.apps) expect(inSlo / withSlo).toBeGreaterThan(0.95);
});

it('refuses rates that need more GPUs than there are, with their number', async () => {
  const { refused } = await replicate({ alternative: alternative({ ...setup, place: { policy: 'igniter', rates_rps: { ...rates, vgg19: 1000 } } }), replication: 0, warmUpMs: 0 });
  expect(refused).toMatch(/needs [2-9] GPUs, there are 1: set: \{ sites\.0\.accelerators\.0\.count: [2-9] \}/);
});

it('refuses an SLO that no GPU holds, by the name of the app', async () => {
  const { refused } = await replicate({ alternative: alternative({ ...setup, workload: [app('ssd', 4, 1)], place: { policy: 'igniter', rates_rps: { ssd: 1 } } }), replication: 0, warmUpMs: 0 });
  expect(refused).toBe('app ssd (lane 0): one image alone takes longer than 2 ms, half its SLO, on a whole GPU; a longer SLO is needed');
});

it('measures rates that are not given, and plans with them once', async () => {
  const place = { policy: 'igniter', assumed_rps: 50, observe_s: 0.5 };
  const early = await workersAfter(alternative({ ...setup, durationS: 0.4, workload: [app('vgg19', 60, 200)], place }));
  const late = await workersAfter(alternative({ ...setup, workload: [app('vgg19', 60, 200)], place }));
  expect(late).toEqual(await workersAfter(alternative({ ...setup, workload: [app('vgg19', 60, 200)], place: { policy: 'igniter', rates_rps: { vgg19: 200 } } })));
  expect(late[0].sharePercent).toBeGreaterThan(early[0].sharePercent!);
});

it('refuses a profile that does not say what shares cost', async () => {
  const { refused } = await replicate({ alternative: alternative({ workload: [app('m', 100, 1)], sites: profileOf({ solo_ms: 1 }), place: 'igniter', durationS: 1 }), replication: 0, warmUpMs: 0 });
  expect(refused).toContain('the profile of edge/gpu0 does not say what they cost: add `shares` to it');
});
