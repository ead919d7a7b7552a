import { LOADING, type ObservedGroup } from './group.js';
import { median } from './medians.js';

/**
 * Memory in use = fixed + per inference × inference processes + per training × training processes, for the batches that were measured
 * most; each further item of a batch takes `per…ItemMiB`, where different batches were measured.
 */
export interface MemoryLine {
  fixedMiB: number;
  perInferenceMiB?: number;
  perTrainingMiB?: number;
  perInferenceItemMiB?: number;
  perTrainingItemMiB?: number;
  /** By number of inference processes from 0: the largest batch of one training process that fits beside them; 0 if none does. */
  trainingBatchFrontier?: number[];
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

interface Plateau {
  inferenceJobs: number;
  trainingJobs: number;
  /** Batch of the inference processes and of the training ones; undefined where not told. */
  inferenceBatch?: number;
  trainingBatch?: number;
  memoryMiB: number;
}

/**
 * The memory line of groups with `memory_mib`, by the median of slopes between pairs (Theil and Sen), which rows that were taken
 * while memory still grew do not move. Undefined if there are fewer than two different numbers of jobs.
 */
export function memoryLine(groups: readonly ObservedGroup[], capacityMiB?: number): MemoryLine | undefined {
  const all = plateausOf(groups);
  const perInferenceItemMiB = slope(all, 'inferenceBatch', 'inferenceJobs');
  const perTrainingItemMiB = slope(all, 'trainingBatch', 'trainingJobs');
  const usual = { inferenceBatch: mostCommon(all.map((p) => p.inferenceBatch)), trainingBatch: mostCommon(all.map((p) => p.trainingBatch)) };
  // Everything at the usual batches, so that one line goes through all of it.
  const plateaus = all.map(({ inferenceJobs, trainingJobs, inferenceBatch, trainingBatch, memoryMiB }) => ({
    inferenceJobs,
    trainingJobs,
    memoryMiB: memoryMiB - further(perInferenceItemMiB, inferenceJobs, inferenceBatch, usual.inferenceBatch) - further(perTrainingItemMiB, trainingJobs, trainingBatch, usual.trainingBatch),
  }));
  const perInferenceMiB = slope(plateaus, 'inferenceJobs');
  const perTrainingMiB = slope(plateaus, 'trainingJobs');
  const unknown = (perInferenceMiB === undefined && plateaus.some((p) => p.inferenceJobs > 0)) || (perTrainingMiB === undefined && plateaus.some((p) => p.trainingJobs > 0));
  if (plateaus.length < 2 || unknown) return undefined;
  const processes = (p: { inferenceJobs: number; trainingJobs: number }): number => (perInferenceMiB ?? 0) * p.inferenceJobs + (perTrainingMiB ?? 0) * p.trainingJobs;
  const fixedMiB = Math.max(0, median(plateaus.map((p) => p.memoryMiB - processes(p))));
  const peaks = groups.flatMap((g) => {
    const most = g.phase === LOADING ? g.memory.at(-1)?.mib : undefined;
    return most === undefined ? [] : [most - fixedMiB - processes(g) - Math.max(perInferenceMiB ?? 0, perTrainingMiB ?? 0)];
  });
  const loadingPeakMiB = Math.max(0, ...peaks);
  const free = capacityMiB === undefined ? undefined : capacityMiB - fixedMiB - loadingPeakMiB;
  const most = (per: number | undefined): number | undefined => (free === undefined || per === undefined || !(per > 0) ? undefined : Math.max(0, Math.floor(free / per + 1e-9)));
  const maxInferenceJobs = most(perInferenceMiB);
  return {
    fixedMiB,
    perInferenceMiB,
    perTrainingMiB,
    ...(perInferenceItemMiB === undefined ? {} : { perInferenceItemMiB }),
    ...(perTrainingItemMiB === undefined ? {} : { perTrainingItemMiB }),
    ...(free === undefined || perTrainingMiB === undefined || perTrainingItemMiB === undefined || !(perTrainingItemMiB > 0) || usual.trainingBatch === undefined
      ? {}
      : { trainingBatchFrontier: frontier(free, { perInferenceMiB: perInferenceMiB ?? 0, perTrainingMiB, perItemMiB: perTrainingItemMiB, batch: usual.trainingBatch }, maxInferenceJobs ?? 0) }),
    loadingPeakMiB,
    capacityMiB,
    maxInferenceJobs,
    maxTrainingJobs: most(perTrainingMiB),
    plateaus: byJobs(plateaus),
    worstPercent: Math.max(...byJobs(plateaus).map((p) => 100 * Math.abs((fixedMiB + processes(p)) / p.memoryMiB - 1))),
  };
}

function plateausOf(groups: readonly ObservedGroup[]): Plateau[] {
  const found = new Map<string, Omit<Plateau, 'memoryMiB'> & { values: number[] }>();
  for (const g of groups) {
    const value = g.phase === LOADING ? undefined : plateauMiB(g.memory);
    if (value === undefined) continue;
    const inferenceBatch = g.workload === 'inference' ? g.batch : undefined;
    const trainingBatch = g.trainingJobs === 0 ? undefined : g.workload === 'training' ? (g.batch ?? g.trainingBatch) : g.trainingBatch;
    const key = [g.inferenceJobs, g.trainingJobs, inferenceBatch, trainingBatch].join('+');
    const at = found.get(key) ?? { inferenceJobs: g.inferenceJobs, trainingJobs: g.trainingJobs, inferenceBatch, trainingBatch, values: [] };
    at.values.push(value);
    found.set(key, at);
  }
  return [...found.values()].map(({ values, ...at }) => ({ ...at, memoryMiB: median(values) }));
}

/** One plateau for each pair of numbers of jobs. */
function byJobs(plateaus: readonly Pick<Plateau, 'inferenceJobs' | 'trainingJobs' | 'memoryMiB'>[]): MemoryLine['plateaus'] {
  const found = new Map<string, { inferenceJobs: number; trainingJobs: number; values: number[] }>();
  for (const { inferenceJobs, trainingJobs, memoryMiB } of plateaus) {
    const key = `${inferenceJobs}+${trainingJobs}`;
    const at = found.get(key) ?? { inferenceJobs, trainingJobs, values: [] };
    at.values.push(memoryMiB);
    found.set(key, at);
  }
  return [...found.values()].map(({ values, ...jobs }) => ({ ...jobs, memoryMiB: median(values) }));
}

const further = (perItem: number | undefined, jobs: number, batch: number | undefined, usual: number | undefined): number => (perItem === undefined || batch === undefined || usual === undefined ? 0 : perItem * jobs * (batch - usual));

function mostCommon(batches: readonly (number | undefined)[]): number | undefined {
  const counts = new Map<number, number>();
  for (const b of batches) if (b !== undefined) counts.set(b, (counts.get(b) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0];
}

function frontier(freeMiB: number, { perInferenceMiB, perTrainingMiB, perItemMiB, batch }: { perInferenceMiB: number; perTrainingMiB: number; perItemMiB: number; batch: number }, mostInferences: number): number[] {
  return Array.from({ length: mostInferences + 1 }, (_, k) => Math.max(0, Math.floor((freeMiB - k * perInferenceMiB - perTrainingMiB) / perItemMiB + batch + 1e-9)));
}

type Column = keyof Plateau;

/** Median slope over pairs that differ in one column only. @param per also divided by this number of jobs, for what each item of each of them takes */
function slope(plateaus: readonly Partial<Plateau>[], over: Exclude<Column, 'memoryMiB'>, per?: 'inferenceJobs' | 'trainingJobs'): number | undefined {
  const others = (['inferenceJobs', 'trainingJobs', 'inferenceBatch', 'trainingBatch'] as const).filter((c) => c !== over);
  const slopes = plateaus.flatMap((a, i) =>
    plateaus.slice(i + 1).flatMap((b) => {
      const [x, y] = [a[over], b[over]];
      if (x === undefined || y === undefined || x === y || others.some((c) => a[c] !== b[c])) return [];
      const jobs = per === undefined ? 1 : a[per]!;
      return jobs === 0 ? [] : [(a.memoryMiB! - b.memoryMiB!) / (x - y) / jobs];
    }),
  );
  return slopes.length === 0 ? undefined : median(slopes);
}
