import { thin, type Chart } from '../charts/chart.js';
import { token } from '../charts/theme.js';
import { unseen } from './colours.js';
import type { FitMemory, FitPage } from './input.js';

const MIB_PER_GIB = 1024;
const gib = (mib: number): number => thin(mib / MIB_PER_GIB);

function note({ capacityMiB, maxInferenceJobs, maxTrainingJobs, fixedMiB, perInferenceMiB, perTrainingMiB }: FitMemory): string {
  const jobs = (n: number, what: string): string => `${n} ${what} ${n === 1 ? 'job' : 'jobs'}`;
  const line = `${fixedMiB.toFixed(0)} MiB fixed, ${perInferenceMiB.toFixed(0)} MiB for each inference job${perTrainingMiB === undefined ? '' : `, ${perTrainingMiB.toFixed(0)} MiB for each training job`}.`;
  if (capacityMiB === undefined) return `${line} Without --capacity-mib nothing is said about how many fit.`;
  const fits = [...(maxInferenceJobs === undefined ? [] : [jobs(maxInferenceJobs, 'inference')]), ...(maxTrainingJobs === undefined ? [] : [jobs(maxTrainingJobs, 'training')])];
  return `${line}${fits.length === 0 ? '' : ` In ${capacityMiB.toFixed(0)} MiB fit ${fits.join(', or ')}.`}`;
}

/** Memory over the number of inference jobs, with the fitted line and what there is; undefined where none was measured. */
export function memoryChart({ memory }: FitPage): Chart | undefined {
  if (memory === undefined || memory.observed.length === 0) return undefined;
  const { fixedMiB, perInferenceMiB, perTrainingMiB = 0, capacityMiB } = memory;
  const trainings = [...new Set(memory.observed.map((o) => o.trainingJobs))].sort((a, b) => a - b);
  const most = Math.max(...memory.observed.map((o) => o.inferenceJobs), (memory.maxInferenceJobs ?? 0) + (capacityMiB === undefined ? 0 : 1));
  const name = (n: number): string => (n === 0 ? 'no training' : `${n} training`);
  const line = trainings.flatMap((t) => [0, most].map((jobs) => ({ jobs, training: name(t), memory: gib(fixedMiB + jobs * perInferenceMiB + t * perTrainingMiB) })));
  const observed = memory.observed.map((o) => ({ jobs: o.inferenceJobs, training: name(o.trainingJobs), memory: gib(o.memoryMiB), set: o.set === 'fit' ? 'fitted' : 'never seen' }));
  const color = {
    field: 'training',
    type: 'nominal',
    scale: { domain: trainings.map(name), range: trainings.map((_, i) => token(i === 0 ? 'inference' : 'training')) },
    legend: null,
  };
  const x = { field: 'jobs', type: 'quantitative', scale: { nice: false, padding: 12 }, axis: { title: 'inference jobs', tickMinStep: 1, format: 'd', grid: false } };
  const y = { field: 'memory', type: 'quantitative', scale: { zero: true }, axis: { title: 'GiB', tickCount: 5 } };
  return {
    id: 'memory',
    title: 'Memory',
    about: 'Dots are medians of what was in use; the line is fixed memory and what each process adds. Beyond what there is, loading the next process fails.',
    legend: [
      ...trainings.map((t, i) => ({ label: name(t), colour: token(i === 0 ? 'inference' : 'training'), mark: 'line' as const })),
      ...(capacityMiB === undefined ? [] : [{ label: 'what there is', colour: unseen, mark: 'dashed' as const }]),
    ],
    panels: [
      {
        alt: `Memory by inference jobs: ${observed.map((o) => `${o.jobs} with ${o.training} ${o.memory} GiB`).join('; ')}. ${note(memory)}`,
        data: { memory_line: line, memory_observed: observed, ...(capacityMiB === undefined ? {} : { memory_capacity: [{ memory: gib(capacityMiB) }] }) },
        spec: {
          width: 'container',
          height: 240,
          layer: [
            { data: { name: 'memory_line' }, mark: { type: 'line', strokeWidth: 2 }, encoding: { x, y, color } },
            ...(capacityMiB === undefined ? [] : [{ data: { name: 'memory_capacity' }, mark: { type: 'rule', strokeDash: [6, 3], strokeWidth: 2, color: unseen }, encoding: { y } }]),
            {
              data: { name: 'memory_observed' },
              mark: { type: 'point', filled: true, size: 52, opacity: 1 },
              encoding: {
                x,
                y,
                color,
                tooltip: [
                  { field: 'jobs', title: 'inference jobs' },
                  { field: 'training', title: 'beside' },
                  { field: 'memory', title: 'GiB' },
                  { field: 'set', title: 'data' },
                ],
              },
            },
          ],
        },
      },
    ],
    layout: 'wide',
    note: note(memory),
  };
}
