import { groupName, type GroupKey, type ObservedGroup } from '../../../src/contention/fit/group.js';
import { normalQuantile } from '../../../src/random/normal.js';
import { stream } from '../../../src/random/stream.js';

/** Standard deviations of logarithms: what differs from group to group, process to process, and row to row, which repeats with a correlation. */
export interface Noise {
  group: number;
  process: number;
  row: number;
  correlation: number;
}

export const USUAL: Noise = { group: 0.015, process: 0.02, row: 0.05, correlation: 0.4 };

/** A group whose rows have this median in truth, times the noise; one cluster per observed process, `rows` rows each. */
export function syntheticGroup(key: GroupKey, medianMs: number, seed: number, { rows = 12, noise = USUAL, processes }: { rows?: number; noise?: Noise; processes?: number } = {}): ObservedGroup {
  const name = groupName(key);
  const normals = (...what: (string | number)[]) => {
    const draw = stream(seed, ...what);
    return () => normalQuantile(Math.max(2 ** -33, draw()));
  };
  const shift = noise.group * normals(name, 'group')();
  const count = processes ?? (key.workload === 'inference' ? key.inferenceJobs : key.trainingJobs);
  const clusters = Array.from({ length: count }, (_, p) => {
    // A process is as fast or slow in one group as in another.
    const own = noise.process * normals('process', p)();
    const next = normals(name, 'rows', p);
    let state = next();
    const keptMs = Float64Array.from({ length: rows }, () => {
      const value = medianMs * Math.exp(shift + own + noise.row * state);
      state = noise.correlation * state + Math.sqrt(1 - noise.correlation * noise.correlation) * next();
      return value;
    });
    return { run: 'synthetic', process: String(p), n: rows, keptMs };
  });
  const all = clusters.flatMap((c) => [...c.keptMs]);
  return { ...key, name, n: all.length, meanMs: all.reduce((a, b) => a + b, 0) / all.length, clusters, memory: [], readings: {} };
}

export const inference = (inferenceJobs: number, trainingJobs = 0, model = 'a'): GroupKey => ({
  workload: 'inference',
  model,
  phase: inferenceJobs + trainingJobs === 1 ? 'solo' : 'steady',
  inferenceJobs,
  trainingJobs,
  ...(trainingJobs > 0 ? { trainingModel: 'big', trainingBatch: 16 } : {}),
});

export const training = (inferenceJobs: number): GroupKey => ({ workload: 'training', model: 'big', batch: 16, phase: 'train', inferenceJobs, trainingJobs: 1, trainingModel: 'big', trainingBatch: 16 });
