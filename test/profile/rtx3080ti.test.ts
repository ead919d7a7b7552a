import { Ajv } from 'ajv';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { combinations } from '../../src/policy/dispatch/combinations.js';
import { predictCoRun } from '../../src/profile/co-run.js';
import { loadProfile } from '../../src/profile/load.js';
import { ProfileSchema, type Profile } from '../../src/profile/schema.js';
import { spreadQuantile } from '../../src/random/service.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const profile: Profile = JSON.parse(read('calibration/rtx3080ti.json'));
const published = parse(read('calibration/published/corun-rtx3080ti.yaml'));

const TRAINING = ['mobilenet_v3_small', 'resnet50', 'efficientnet_v2_l'];
const CNNS: string[] = published.combinations.models;
const p95Alone = (model: string): number => {
  const { solo_ms, spread } = profile.models[model];
  return solo_ms * spreadQuantile(spread!)(0.95);
};

describe('the file', () => {
  it('is valid', () => {
    const validate = new Ajv({ allErrors: true }).compile(ProfileSchema);
    validate(profile);
    expect(validate.errors).toBeNull();
  });

  it('loads, so that its parts fit each other as well', async () => {
    expect(await loadProfile(join(root, 'calibration/rtx3080ti.json'))).toEqual(profile);
  });

  it('and its page come out of the script again, to the byte', () => {
    const out = mkdtempSync(join(tmpdir(), 'corun-profile-'));
    try {
      execFileSync(process.execPath, [join(root, 'scripts/make-rtx3080ti-profile.mjs'), '--out', out], { stdio: 'pipe' });
      for (const path of ['calibration/rtx3080ti.json', 'docs/profiles/rtx3080ti.md']) expect(readFileSync(join(out, path), 'utf8')).toBe(read(path));
    } finally {
      rmSync(out, { recursive: true });
    }
  });

  it('knows the eight models of the experiments and says where its numbers come from', () => {
    expect(Object.keys(profile.models)).toEqual(expect.arrayContaining(CNNS));
    expect(profile.source!.length).toBeGreaterThan(2);
    expect(profile.assumptions!.length).toBeGreaterThan(8);
  });
});

describe('epoch times by number of inferences', () => {
  // The reference's table, once more in full, so that an error in the restated file is seen too.
  it.each([
    ['mobilenet_v3_small', [236, 236, 251, 367]],
    ['resnet50', [226, 245, 264, 412]],
    ['efficientnet_v2_l', [3543, 3319, 3571, 5253]],
  ])('%s', (training, seconds) => {
    [0, 1, 2, 4].forEach((k, i) => {
      expect(predictCoRun(profile, CNNS.slice(0, k), training).epochMs! / 1000).toBeCloseTo(seconds[i], 9);
      expect(published.epoch_s_by_inferences[training][i]).toBe(seconds[i]);
    });
    const three = predictCoRun(profile, CNNS.slice(0, 3), training).epochMs! / 1000;
    expect(three).toBeGreaterThan(seconds[2]);
    expect(three).toBeLessThan(seconds[3]);
  });

  it('depend on the number of inferences alone, and end at 4', () => {
    expect(predictCoRun(profile, ['alexnet', 'alexnet'], 'resnet50').epochMs).toBe(predictCoRun(profile, ['vgg16', 'densenet121'], 'resnet50').epochMs);
    expect(predictCoRun(profile, CNNS.slice(0, 4), 'resnet50').outside).toBeUndefined();
    expect(predictCoRun(profile, CNNS.slice(0, 5), 'resnet50').outside).toMatch(/measured up to 4/);
  });
});

describe('latency', () => {
  it.each([
    ['vgg16', 5.0],
    ['inception_v3', 19.0],
    ['deeplabv3_resnet50', 13.3],
    ['resnet50', 7.8],
    ['mobilenet_v3_small', 9.7],
    ['densenet121', 23.2],
    ['alexnet', 2.6],
    ['yolov5s', 19.0],
    ['googlenet', 13.6],
    ['efficientnet_v2_l', 48.0],
  ])('P95 of %s alone is %d ms', (model, ms) => {
    expect(Math.abs(p95Alone(model) - ms)).toBeLessThan(0.001);
    expect(published.latency_p95_ms[model][0]).toBe(ms);
  });

  it('P95 of yolov5s by number of inferences', () => {
    [19.0, 27.1, 37.8, 51.1].forEach((ms, i) => {
      const run = predictCoRun(profile, Array.from({ length: i + 1 }, () => 'yolov5s'), undefined);
      expect((run.latencyMs[0] / profile.models.yolov5s.solo_ms) * p95Alone('yolov5s')).toBeCloseTo(ms, 2);
    });
  });

  // Closed-loop means: resnet152 batch 8, mobilenet_v2 at its largest batch, densenet201 batch 2.
  it.each([
    ['resnet50', 22.1, 2.71],
    ['mobilenet_v3_small', 20.7, 2.67],
    ['efficientnet_v2_l', 20.9, 2.49],
  ])('mean beside %s is right in geometric mean, and within 12 %% for each', (training, yolov5s, alexnet) => {
    const ratios = [predictCoRun(profile, ['yolov5s'], training).latencyMs[0] / yolov5s, predictCoRun(profile, ['alexnet'], training).latencyMs[0] / alexnet];
    expect(Math.sqrt(ratios[0] * ratios[1])).toBeCloseTo(1, 3);
    for (const ratio of ratios) expect(Math.abs(ratio - 1)).toBeLessThan(0.12);
  });

  it('training never speeds inference up, and its slices are as busy as the GPU was', () => {
    for (const training of TRAINING) {
      for (const model of CNNS) expect(predictCoRun(profile, [model], training).latencyMs[0]).toBeGreaterThan(profile.models[model].solo_ms);
      expect(profile.training![training].slice!.busy * 100).toBeCloseTo(published.gpu_state[training].utilisation_percent[0], 6);
    }
  });

  it('the P95 of the wait for a slice of resnet152 at batch 32 is the published median of what it adds', () => {
    // The wait is uniform on (0, length) with probability busy, so P(wait > x) = busy (1 − x / length); ResNet50's batch of 16 halves the length.
    const { busy, length_ms } = profile.training!.resnet50.slice!;
    const added = Object.keys(profile.models)
      .map((model) => published.latency_p95_ms[model][2] - published.latency_p95_ms[model][0])
      .sort((a, b) => a - b);
    const p95OfWait = 2 * length_ms * (1 - 0.05 / busy);
    expect(busy * (1 - p95OfWait / (2 * length_ms))).toBeCloseTo(0.05, 12);
    expect(p95OfWait).toBeCloseTo((added[4] + added[5]) / 2, 2);
  });
});

describe('memory', () => {
  const { memory_mib, fixed_mib } = profile.accelerator!;
  const trainingMiB = (model: string, batch: number): number =>
    published.sizes.weights_mib[model] + batch * published.sizes.activation_mib_per_image[model];
  const withTraining = (memoryMiB: number): Profile => ({ ...profile, training: { any: { batch: 1, epoch_s: 1, memory_mib: memoryMiB } } });

  it('reproduces the worked example of the formula: vgg16 at batch 128', () => {
    expect(trainingMiB('vgg16', 128)).toBeCloseTo(14_529, -1);
  });

  it('is 11.77 GiB, of which about 8.5 GiB are left for training beside one process and 10.1 alone', () => {
    expect(memory_mib / 1024).toBeCloseTo(11.77, 2);
    expect((memory_mib - fixed_mib!) / 1024).toBeGreaterThan(10.04);
    expect((memory_mib - fixed_mib!) / 1024).toBeLessThan(10.2);
    for (const model of ['alexnet', 'yolov5s', 'densenet121', 'mobilenet_v3_small']) {
      const left = (memory_mib - predictCoRun(profile, [model], undefined).memoryMiB) / 1024;
      expect(left).toBeGreaterThan(8.38);
      expect(left).toBeLessThan(8.64);
    }
  });

  // Each of the four published processes: yolov5s, alexnet, densenet201 and mobilenet_v2 (through their stand-ins).
  it.each([
    ['resnet152', 32, 64],
    ['mobilenet_v2', 64, 128],
    ['vgg16', 64, 128],
  ])('beside one inference %s trains at batch %d and not at %d', (training, largest, failure) => {
    for (const inference of ['yolov5s', 'alexnet', 'densenet121', 'mobilenet_v3_small']) {
      expect(predictCoRun(withTraining(trainingMiB(training, largest)), [inference], 'any').fits).toBe(true);
      expect(predictCoRun(withTraining(trainingMiB(training, failure)), [inference], 'any').fits).toBe(false);
    }
  });

  it('lets alexnet train at batch 1024; without inference vgg16 at 64 runs and resnet152 at 64 does not', () => {
    expect(predictCoRun(withTraining(trainingMiB('alexnet', 1024)), ['yolov5s'], 'any').fits).toBe(true);
    expect(predictCoRun(withTraining(trainingMiB('vgg16', 64)), [], 'any').fits).toBe(true);
    expect(predictCoRun(withTraining(trainingMiB('resnet152', 64)), [], 'any').fits).toBe(false);
  });

  it('four processes leave about 3.5 to 4 GiB', () => {
    const left = (model: string): number => (memory_mib - predictCoRun(profile, [model, model, model, model], undefined).memoryMiB) / 1024;
    expect(left('yolov5s')).toBeCloseTo(3.4, 1);
    expect(left('mobilenet_v3_small')).toBeCloseTo(4.0, 1);
  });

  it('holds every combination that the experiments ran: 8, 28, 56, 70 subsets beside each training job', () => {
    for (const training of [undefined, ...TRAINING]) {
      [8, 28, 56, 70].forEach((count, i) => {
        const runs = combinations(CNNS, i + 1).map(({ models }) => predictCoRun(profile, models, training));
        expect(runs).toHaveLength(count);
        expect(runs.filter((run) => !run.fits || run.outside !== undefined)).toEqual([]);
      });
    }
  });
});
