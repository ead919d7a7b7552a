import { LOADING, type ObservedGroup } from './group.js';
import { median } from './medians.js';

/** Memory in use = fixed + per inference × inference processes + per training × training processes. */
export interface MemoryLine {
  fixedMiB: number;
  perInferenceMiB?: number;
  perTrainingMiB?: number;
  /** How far the highest memory seen while a process was loading lies above what the line says once it is loaded. */
  loadingPeakMiB: number;
  capacityMiB?: number;
  /** Most processes of one kind that fit alone, peak of loading included. */
  maxInferenceJobs?: number;
  maxTrainingJobs?: number;
  plateaus: { inferenceJobs: number; trainingJobs: number; memoryMiB: number }[];
  /** How far the line is from the farthest plateau, in percent. */
  worstPercent: number;
}

/** Median memory over the rows. It grows while a job starts, and the median is where it stayed. */
export function plateauMiB(memory: ObservedGroup['memory']): number | undefined {
  const rows = memory.reduce((sum, m) => sum + m.rows, 0);
  let sum = 0;
  for (const { mib, rows: here } of memory) {
    sum += here;
    if (sum * 2 >= rows) return mib;
  }
  return undefined;
}

/**
 * The memory line of groups with `memory_mib`, by the median of slopes between pairs (Theil and Sen), which rows that were taken
 * while memory still grew do not move. Undefined if there are fewer than two different numbers of jobs.
 */
export function memoryLine(groups: readonly ObservedGroup[], capacityMiB?: number): MemoryLine | undefined {
  const byJobs = new Map<string, { inferenceJobs: number; trainingJobs: number; values: number[] }>();
  for (const g of groups) {
    const value = g.phase === LOADING ? undefined : plateauMiB(g.memory);
    if (value === undefined) continue;
    const key = `${g.inferenceJobs}+${g.trainingJobs}`;
    const at = byJobs.get(key) ?? { inferenceJobs: g.inferenceJobs, trainingJobs: g.trainingJobs, values: [] };
    at.values.push(value);
    byJobs.set(key, at);
  }
  const plateaus = [...byJobs.values()].map(({ values, ...jobs }) => ({ ...jobs, memoryMiB: median(values) }));
  const perInferenceMiB = slope(plateaus, 'inferenceJobs', 'trainingJobs');
  const perTrainingMiB = slope(plateaus, 'trainingJobs', 'inferenceJobs');
  const unknown = (perInferenceMiB === undefined && plateaus.some((p) => p.inferenceJobs > 0)) || (perTrainingMiB === undefined && plateaus.some((p) => p.trainingJobs > 0));
  if (plateaus.length < 2 || unknown) return undefined;
  const processes = (p: { inferenceJobs: number; trainingJobs: number }): number => (perInferenceMiB ?? 0) * p.inferenceJobs + (perTrainingMiB ?? 0) * p.trainingJobs;
  const fixedMiB = Math.max(0, median(plateaus.map((p) => p.memoryMiB - processes(p))));
  const peaks = groups.flatMap((g) => {
    const most = g.phase === LOADING ? g.memory.at(-1)?.mib : undefined;
    return most === undefined ? [] : [most - fixedMiB - processes(g) - Math.max(perInferenceMiB ?? 0, perTrainingMiB ?? 0)];
  });
  const loadingPeakMiB = Math.max(0, ...peaks);
  const most = (per: number | undefined): number | undefined =>
    capacityMiB === undefined || per === undefined || !(per > 0) ? undefined : Math.max(0, Math.floor((capacityMiB - fixedMiB - loadingPeakMiB) / per + 1e-9));
  return {
    fixedMiB,
    perInferenceMiB,
    perTrainingMiB,
    loadingPeakMiB,
    capacityMiB,
    maxInferenceJobs: most(perInferenceMiB),
    maxTrainingJobs: most(perTrainingMiB),
    plateaus,
    worstPercent: Math.max(...plateaus.map((p) => 100 * Math.abs((fixedMiB + processes(p)) / p.memoryMiB - 1))),
  };
}

type Jobs = 'inferenceJobs' | 'trainingJobs';

/** Median slope over pairs that differ in one number of jobs only. */
function slope(plateaus: readonly Record<Jobs | 'memoryMiB', number>[], over: Jobs, fixed: Jobs): number | undefined {
  const slopes = plateaus.flatMap((a, i) => plateaus.slice(i + 1).flatMap((b) => (a[fixed] === b[fixed] && a[over] !== b[over] ? [(a.memoryMiB - b.memoryMiB) / (a[over] - b[over])] : [])));
  return slopes.length === 0 ? undefined : median(slopes);
}
