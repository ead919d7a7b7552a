import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { predictCoRun } from '../../src/profile/co-run.js';
import { loadProfile } from '../../src/profile/load.js';
import type { Profile } from '../../src/profile/schema.js';
import { describeWithSharedData, sharedData } from '../shared-data.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const profile: Profile = JSON.parse(read('calibration/ekya-16gib.json'));
const published = parse(read('calibration/published/ekya-16gib.yaml'));
const { stress } = published;
const jobs = (n: number): string[] => Array.from({ length: n }, () => 'resnet18-cifar');

describe('the file', () => {
  it('loads', async () => {
    expect(await loadProfile(join(root, 'calibration/ekya-16gib.json'))).toEqual(profile);
  });

  it('and its page come out of the script again, to the byte', () => {
    const out = mkdtempSync(join(tmpdir(), 'corun-profile-'));
    try {
      execFileSync(process.execPath, [join(root, 'scripts/make-ekya-16gib-profile.mjs'), '--out', out], { stdio: 'pipe' });
      for (const path of ['calibration/ekya-16gib.json', 'docs/profiles/ekya-16gib.md']) expect(readFileSync(join(out, path), 'utf8')).toBe(read(path));
    } finally {
      rmSync(out, { recursive: true });
    }
  });
});

describe('what it predicts', () => {
  it('the published passes of 1 to 12 processes', () => {
    stress.steady.median_ms.forEach((ms: number, i: number) => {
      const run = predictCoRun(profile, jobs(i + 1), undefined);
      expect(run.outside).toBeUndefined();
      expect(Math.abs(run.latencyMs[i] / ms - 1)).toBeLessThan(0.005);
    });
    expect(predictCoRun(profile, jobs(13), undefined).outside).toMatch(/measured up to 12/);
  });

  it('the memory of each number of processes within 0.1 %, and that exactly 12 fit', () => {
    stress.steady.memory_mib.forEach((mib: number, i: number) => expect(Math.abs(predictCoRun(profile, jobs(i + 1), undefined).memoryMiB / mib - 1)).toBeLessThan(0.001));
    expect(predictCoRun(profile, jobs(12), undefined).fits).toBe(true);
    expect(predictCoRun(profile, jobs(13), undefined).fits).toBe(false);
  });

  it('an inference beside training takes about 1.5 times as long, beside evaluation 1.2 times', () => {
    const beside = (job: string): number => predictCoRun(profile, jobs(1), job).latencyMs[0] / profile.models['resnet18-cifar'].solo_ms;
    expect(beside('resnet18-cifar')).toBeCloseTo(1.54, 2);
    expect(beside('resnet18-cifar-evaluation')).toBeCloseTo(1.23, 2);
  });

  it('claims nothing about training beside inference', () => {
    expect(predictCoRun(profile, jobs(1), 'resnet18-cifar').outside).toMatch(/1 inferences beside retraining resnet18-cifar, measured up to 0/);
    expect(predictCoRun(profile, [], 'resnet18-cifar').outside).toBeUndefined();
  });
});

describeWithSharedData('the restated numbers are those of the logs', () => {
  const rows = (file: string): Record<string, string>[] => {
    const [head, ...lines] = readFileSync(sharedData(`gpu-contention/${file}`), 'utf8').trim().split(/\r?\n/);
    return lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [head.split(',')[i], value])));
  };
  const median = (values: number[]): number => {
    const sorted = [...values].sort((a, b) => a - b);
    return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
  };

  it.each(['steady', 'loading'])('medians and counts of phase %s', (phase) => {
    const all = rows('observations-inference.csv').filter((row) => row.phase === phase);
    stress.jobs.forEach((n: number, i: number) => {
      const group = all.filter((row) => Number(row.inference_jobs) === n);
      expect(group).toHaveLength(stress[phase].passes[i]);
      // Restated with one decimal.
      expect(Math.abs(median(group.map((row) => Number(row.duration_ms))) - stress[phase].median_ms[i])).toBeLessThan(0.051);
      if (phase === 'steady') expect(median(group.map((row) => Number(row.memory_mib)))).toBe(stress.steady.memory_mib[i]);
    });
  });

  it.each(['run6', 'run7'])('passes beside training of %s', (run) => {
    for (const phase of ['solo', 'train', 'evaluate']) {
      const group = rows(`observations-coexist-${run}.csv`).filter((row) => row.workload === 'inference' && row.phase === phase && row.units === '10000');
      expect(group.map((row) => Number(row.duration_ms))).toEqual(published.beside_training[run][phase]);
    }
  });
});
