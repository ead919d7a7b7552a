import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import type { FitResult } from '../../src/calibration/fit-result.js';
import { runFit } from '../../src/calibration/run-fit.js';
import { predictCoRun } from '../../src/profile/co-run.js';
import { describeWithSharedData, sharedData } from '../shared-data.js';
import { fileOf } from './files.js';

const path = (name: string) => sharedData(`gpu-contention/observations-${name}.csv`);

/** Rows of the stress run that a test picks, as a file of their own. */
function stress(keep: (phase: string, jobs: number) => boolean): string {
  const [head, ...rows] = readFileSync(path('inference'), 'utf8').trim().split('\n');
  const columns = head.split(',');
  const [phase, jobs] = ['phase', 'inference_jobs'].map((c) => columns.indexOf(c));
  return fileOf(`${[head, ...rows.filter((r) => keep(r.split(',')[phase], Number(r.split(',')[jobs])))].join('\n')}\n`);
}

describeWithSharedData('the stress run, fitted up to 6 processes', () => {
  let result: FitResult;
  beforeAll(async () => {
    ({ result } = await runFit(stress((p, n) => p === 'steady' && n <= 6), { test: stress((p, n) => p === 'steady' && n > 6), capacityMiB: 16_280 }));
  });

  it('predicts each of 7 to 12 within 5 %, which it never saw', () => {
    const { rows, mape, skill } = result.test!;
    expect(rows.map((r) => r.inference_jobs)).toEqual([7, 8, 9, 10, 11, 12]);
    for (const r of rows) {
      expect(r.seen_group).toBe(false);
      expect(Math.abs(r.predicted_ms / r.observed_ms - 1), `${r.inference_jobs} jobs`).toBeLessThan(0.05);
    }
    expect(mape).toBeLessThan(5);
    expect(skill).toBeGreaterThan(0.8);
  });

  it('has intervals that hold them, and get wider', () => {
    const { rows, inside_interval, co_run_groups } = result.test!;
    expect([inside_interval, co_run_groups]).toEqual([6, 6]);
    const widths = rows.map((r) => r.interval95_ms[1] / r.interval95_ms[0]);
    expect([...widths].sort((a, b) => a - b)).toEqual(widths);
  });

  it('predicts medians and means apart, since rows scatter to the right', () => {
    for (const r of result.fit.rows.filter((f) => f.n > 30)) expect(Math.abs(r.predicted_mean_ms / r.observed_mean_ms - 1)).toBeLessThan(0.05);
    expect(result.spread.inference.per_request).toBe(false);
  });

  it('has a memory line within 1 % at 7 to 12, with exactly 12 fitting in 16,280 MiB', async () => {
    const { memory } = result;
    expect(memory!.max_inference_jobs).toBe(12);
    const seen = await runFit(stress((p, n) => p === 'steady' && n > 6), {});
    expect(seen.page.memory!.observed).toHaveLength(6);
    for (const { inferenceJobs, memoryMiB } of seen.page.memory!.observed) {
      expect(Math.abs((memory!.fixed_mib + memory!.per_inference_mib! * inferenceJobs) / memoryMiB - 1)).toBeLessThan(0.01);
    }
  });

  it('says that one run cannot show how runs differ', () => {
    expect(result.warnings.join('\n')).toContain('All rows are of one run');
  });
});

describeWithSharedData('the whole stress run', () => {
  it('keeps loading apart, and reports what a neighbour that loads costs: 1 to 5 %', async () => {
    const { result } = await runFit(path('inference'), { capacityMiB: 16_280 });
    expect(result.rows).toBe(1254);
    expect(result.fit.rows.filter((r) => r.phase === 'loading')).toHaveLength(12);
    const { factor, interval95, pairs } = result.beside_loading!;
    expect(pairs).toBe(12);
    expect(factor).toBeGreaterThan(1.01);
    expect(factor).toBeLessThan(1.05);
    expect(interval95[0]).toBeLessThan(factor);
    expect(interval95[1]).toBeGreaterThan(factor);
    expect(result.memory!.max_inference_jobs).toBe(12);
    expect(result.cross_validation!.mape).toBeLessThan(3);
    expect(result.cross_validation!.skill).toBeGreaterThan(0.5);
  });

  it('is a profile that predicts what the fit does beside others, and alone what was timed', async () => {
    const { result, profile } = await runFit(path('inference'), { capacityMiB: 16_280, profileName: 'gpu' });
    const at = (n: number) => predictCoRun(profile!, Array<string>(n).fill('resnet18-cifar'), undefined);
    const fitted = (n: number) => result.fit.rows.find((r) => r.phase === 'steady' && r.inference_jobs === n)!;
    for (const n of [2, 5, 9, 12]) {
      expect(at(n).latencyMs[0] / at(1).latencyMs[0]).toBeCloseTo(fitted(n).predicted_ms / fitted(1).observed_ms, 3);
      expect(at(n).outside).toBeUndefined();
      expect(at(n).fits).toBe(true);
    }
    // A row is 5,000 images; their mean is a little above the median.
    expect((5000 * at(1).latencyMs[0]) / fitted(1).observed_ms).toBeCloseTo(1, 2);
    expect(at(13).outside).toContain('measured up to 12');
    expect(at(13).fits).toBe(false);
  });
});

describeWithSharedData('two recordings beside training, each predicted from the other', () => {
  for (const [fitted, tested] of [['coexist-run6', 'coexist-run7'], ['coexist-run7', 'coexist-run6']]) {
    it(`${fitted} predicts ${tested} by phase within max(5 %, twice the standard error of the medians)`, async () => {
      const { result } = await runFit(path(fitted), { test: path(tested) });
      const beside = result.test!.rows.filter((r) => r.training_jobs === 1);
      expect(beside.map((r) => `${r.workload} ${r.phase}`).sort()).toEqual(['inference evaluate', 'inference train', 'training train']);
      for (const r of beside) {
        expect(r.seen_group).toBe(true);
        expect(Math.abs(r.predicted_ms / r.observed_ms - 1), r.group).toBeLessThan(0.05);
        expect(r.observed_ms).toBeGreaterThan(r.interval95_ms[0]);
        expect(r.observed_ms).toBeLessThan(r.interval95_ms[1]);
      }
      // The same groups were measured, so looking them up is as good: there is nothing to gain, and it is said.
      expect(result.test!.skill).toBeCloseTo(0, 6);
      expect(result.selected).toBe('table');
    });
  }

  it('find that training slows one inference about 1.5 times, evaluating 1.2 times', async () => {
    for (const run of ['coexist-run6', 'coexist-run7']) {
      const { profile } = await runFit(path(run), { profileName: 'gpu' });
      const contention = profile!.contention as { inference_beside_training: Record<string, number> };
      expect(contention.inference_beside_training['resnet18-cifar']).toBeCloseTo(1.55, 1);
      expect(contention.inference_beside_training['resnet18-cifar-evaluate']).toBeCloseTo(1.23, 1);
    }
  });

  it('say what they cannot show', async () => {
    const { result } = await runFit(path('coexist-run6'));
    const said = result.warnings.join('\n');
    expect(said).toContain('Beside training only one inference job was measured: how its slowdown grows with more of them is not known.');
    expect(said).toContain('Training was never measured alone: how much inference slows it is not known.');
    expect(said).toContain('how far the model is off is assumed (5 %), not measured');
    expect(result.not_identifiable.find((n) => n.model === 'usl')!.needs).toContain('K ≥ 2 beside training');
  });
});
