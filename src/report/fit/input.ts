/** What the page of a fit shows. Times are medians of groups, in ms. */
export interface FitPage {
  /** Names of the files: what was fitted, and what was never seen by the fit. */
  files: readonly string[];
  testFiles: readonly string[];
  /** Rows read from all files. */
  rows: number;
  groups: readonly FitGroup[];
  /** Candidates and the naive ones, in any order. */
  scores: readonly FitScore[];
  memory?: FitMemory;
  /** Models that these data cannot identify, and what they would need. */
  notIdentifiable: readonly { model: string; needs: string }[];
  /** Sentences: thin groups, what was left out. */
  warnings: readonly string[];
}

export interface FitGroup {
  /** As the fit calls it; unique together with `set`. */
  name: string;
  /** Whether the fit saw it. */
  set: 'fit' | 'test';
  workload: 'inference' | 'training';
  model: string;
  phase: string;
  inferenceJobs: number;
  trainingJobs: number;
  /** The retraining job beside it, if one was named. */
  trainingModel?: string;
  /** Rows. */
  n: number;
  observedMs: number;
  predictedMs: number;
  /** Of the median of such a group. */
  interval95Ms: readonly [number, number];
  /** Solo rows calibrate and do not score. */
  solo: boolean;
  /** Parts of its time, ms, where they were told apart. */
  parts?: { decodeMs?: number; uploadMs?: number; readbackMs?: number };
}

export interface FitScore {
  name: string;
  role: 'candidate' | 'naive';
  /** Its weight in what was selected, 0 to 1. */
  weight: number;
  /** Mean absolute percentage errors over co-run groups: leaving one out, more neighbours than seen, and of test groups. */
  leaveOneOutMape?: number;
  extrapolationMape?: number;
  testMape?: number;
  /** 1 − error / error of the nearest measured group, in cross-validation. */
  skill?: number;
  /** Why it was not considered. */
  rejected?: string;
}

export interface FitMemory {
  fixedMiB: number;
  perInferenceMiB: number;
  perTrainingMiB?: number;
  capacityMiB?: number;
  maxInferenceJobs?: number;
  maxTrainingJobs?: number;
  /** Medians of groups. */
  observed: readonly { inferenceJobs: number; trainingJobs: number; memoryMiB: number; set: 'fit' | 'test' }[];
}

/** Whether two groups are points of one curve, which is drawn over the number of inference jobs. */
export function curveName(g: FitGroup): string {
  const beside = g.workload === 'inference' && g.trainingJobs > 0 ? ` beside training${g.trainingModel === undefined ? '' : ` of ${g.trainingModel}`}` : '';
  return `${g.workload === 'training' ? 'training of ' : ''}${g.model}${beside}${['steady', 'solo'].includes(g.phase) ? '' : `, ${g.phase}`}`;
}

/** Groups of one curve, in the order of first appearance; each in the order of its number of inference jobs. */
export function curves(groups: readonly FitGroup[]): [string, FitGroup[]][] {
  const byName = new Map<string, FitGroup[]>();
  for (const g of groups) byName.set(curveName(g), [...(byName.get(curveName(g)) ?? []), g]);
  return [...byName].map(([name, list]) => [name, list.sort((a, b) => a.inferenceJobs - b.inferenceJobs || a.trainingJobs - b.trainingJobs)]);
}

/** What slowdowns are relative to: the same model and workload, alone, in the fit's data if they are there. */
export function soloMs(groups: readonly FitGroup[], of: FitGroup): number | undefined {
  const alone = groups.filter((g) => g.workload === of.workload && g.model === of.model && g.solo);
  return (alone.find((g) => g.set === of.set) ?? alone[0])?.observedMs;
}
