import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { FitGroup, FitPage } from '../../src/report/fit/input.js';

const { stress, beside_training: beside } = parse(readFileSync(new URL('../../calibration/published/ekya-16gib.yaml', import.meta.url), 'utf8'));

const median = (values: number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
};

function group(part: Partial<FitGroup> & Pick<FitGroup, 'name' | 'inferenceJobs' | 'observedMs' | 'predictedMs'>): FitGroup {
  const { predictedMs } = part;
  return {
    set: 'fit',
    workload: 'inference',
    model: 'resnet18-cifar',
    phase: 'steady',
    trainingJobs: 0,
    n: 50,
    interval95Ms: [predictedMs * 0.95, predictedMs * 1.06],
    solo: part.inferenceJobs + (part.trainingJobs ?? 0) === 1,
    ...part,
  };
}

/**
 * A page made of published medians: the stress run of Ekya fitted up to 6 processes and tested beyond by the line
 * 700 + 440 n ms, and one recording beside training predicted from the other.
 */
export function fitFixture(): FitPage {
  const steady = stress.jobs.map((n: number, i: number) =>
    group({
      name: `steady ${n}+0`,
      set: n <= 6 ? 'fit' : 'test',
      inferenceJobs: n,
      observedMs: stress.steady.median_ms[i],
      predictedMs: n === 1 ? 1130 : 640 + 452 * n,
      n: stress.steady.passes[i],
    }),
  );
  const loading = stress.jobs
    .slice(0, 6)
    .map((n: number, i: number) => group({ name: `loading ${n}+0`, phase: 'loading', inferenceJobs: n, observedMs: stress.loading.median_ms[i], predictedMs: (640 + 452 * n) * 1.03, n: stress.loading.passes[i], solo: false }));
  const training = ['train', 'evaluate'].flatMap((phase) =>
    (['run6', 'run7'] as const).map((run) =>
      group({
        name: `${phase} 1+1 ${run}`,
        set: run === 'run6' ? 'fit' : 'test',
        phase,
        inferenceJobs: 1,
        trainingJobs: 1,
        trainingModel: 'resnet18-cifar',
        // Passes over 10,000 images; the solo passes above are over 5,000.
        observedMs: median(beside[run][phase]) * 0.61,
        predictedMs: median(beside.run6[phase]) * 0.61,
        n: beside[run][phase].length,
      }),
    ),
  );
  const jobs = group({ name: 'training 1+1', workload: 'training', phase: 'train', inferenceJobs: 1, trainingJobs: 1, observedMs: 27_541, predictedMs: 27_900, n: 5 });
  const trainingAlone = group({ name: 'training 0+1', workload: 'training', phase: 'train', inferenceJobs: 0, trainingJobs: 1, observedMs: 25_900, predictedMs: 25_900, n: 5, solo: true });
  return {
    files: ['observations-inference.csv', 'observations-coexist-run6.csv'],
    testFiles: ['observations-coexist-run7.csv'],
    rows: 1321,
    groups: [...steady, ...loading, ...training, trainingAlone, jobs],
    scores: [
      { name: 'bottleneck', role: 'candidate', weight: 0.62, leaveOneOutMape: 2.4, extrapolationMape: 3.1, testMape: 2.2, skill: 0.83 },
      { name: 'usl', role: 'candidate', weight: 0.38, leaveOneOutMape: 2.1, extrapolationMape: 6.8, testMape: 4.4, skill: 0.71 },
      { name: 'linear', role: 'candidate', weight: 0, leaveOneOutMape: 4.4, extrapolationMape: 5.2, testMape: 5.6, skill: 0.6 },
      { name: 'table', role: 'candidate', weight: 0, leaveOneOutMape: 3.3, extrapolationMape: 11.9, testMape: 12.5, skill: 0.31 },
      { name: 'igniter', role: 'candidate', weight: 0, rejected: 'needs L2 utilisation' },
      { name: 'no contention', role: 'naive', weight: 0, leaveOneOutMape: 58, extrapolationMape: 66, testMape: 72, skill: -6 },
      { name: 'nearest measured group', role: 'naive', weight: 0, leaveOneOutMape: 14, extrapolationMape: 24, testMape: 31, skill: 0 },
    ],
    memory: {
      fixedMiB: 1328.4,
      perInferenceMiB: 1167.25,
      capacityMiB: 16_280,
      maxInferenceJobs: 12,
      observed: stress.jobs.map((n: number, i: number) => ({ inferenceJobs: n, trainingJobs: 0, memoryMiB: stress.steady.memory_mib[i], set: n <= 6 ? 'fit' : 'test' })),
    },
    notIdentifiable: [
      { model: 'igniter', needs: 'needs L2 utilisation and shares' },
      { model: 'resources', needs: 'needs utilisation of the accelerator and of the host' },
    ],
    warnings: ['3 groups have fewer than 5 rows: train 1+1 run7, evaluate 1+1 run7, training 0+1.'],
  };
}
