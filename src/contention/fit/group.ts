const READINGS = ['accelerator_busy', 'host_busy', 'l2_busy', 'dram_busy', 'clock_mhz', 'power_w', 'decode_ms', 'upload_ms', 'readback_ms'] as const;
/** What is told beside the durations: shares of time or bandwidth from 0 to 1, MHz, W, and parts of a duration in ms. */
export type Reading = (typeof READINGS)[number];
export type Readings = Readonly<Partial<Record<Reading, number>>>;
export const isReading = (name: string): name is Reading => (READINGS as readonly string[]).includes(name);

/** Rows of one process within a group. */
export interface ObservedCluster {
  run: string;
  process: string;
  /** Rows read. */
  n: number;
  /** Durations in ms in the order of the file: all of them, or every 2^k-th where there were too many to keep. */
  keptMs: Float64Array;
  /** Of an open loop all of whose rows are kept, with their times: how long the process had nothing to do before each, ms; Infinity before the first. */
  idleMs?: Float64Array;
}

/** What a group's rows have in common. Undefined: the column was absent or empty. */
export interface GroupKey {
  workload: 'inference' | 'training';
  model: string;
  batch?: number;
  /** Units of work in one row, such as images in a pass. */
  units?: number;
  phase?: string;
  mode?: 'closed' | 'open';
  offeredRps?: number;
  /** Including the one that is observed. */
  inferenceJobs: number;
  trainingJobs: number;
  trainingModel?: string;
  trainingBatch?: number;
  /** Who the neighbours are where they are not all alike. */
  neighbours?: readonly Neighbour[];
  sharePercent?: number;
}

export interface Neighbour {
  model: string;
  batch?: number;
  count: number;
}

/** Rows that are equal in everything but run, process, times and measurements. */
export interface ObservedGroup extends GroupKey {
  /** Unique among the groups of one file. */
  name: string;
  n: number;
  /** Of all rows. */
  meanMs: number;
  clusters: readonly ObservedCluster[];
  /** Means of what the device told, where it did. */
  readings: Readings;
  /** Rows by memory in use, MiB, in ascending order. */
  memory: readonly { mib: number; rows: number }[];
}

/** Phases that say nothing about neighbours: the job counts say it all. */
export const PLAIN_PHASES: readonly string[] = ['', 'steady', 'solo'];
/** The phase in which a further process is being loaded beside the observed one. */
export const LOADING = 'loading';

/** Whether nothing else was active: such groups calibrate a model and do not score it. */
export const isSolo = (g: GroupKey): boolean => g.inferenceJobs + g.trainingJobs === 1 && g.phase !== LOADING;

/** How messages call a group: `inference resnet18, 4+1 jobs, train`. */
export function groupName(g: GroupKey): string {
  return [
    `${g.workload} ${g.model}`,
    ...(g.batch === undefined ? [] : [`batch ${g.batch}`]),
    ...(g.units === undefined ? [] : [`${g.units} units`]),
    `${g.inferenceJobs}+${g.trainingJobs} jobs`,
    ...(g.trainingModel === undefined || g.workload === 'training' ? [] : [`beside ${g.trainingModel}${g.trainingBatch === undefined ? '' : ` batch ${g.trainingBatch}`}`]),
    ...(g.neighbours === undefined ? [] : [`with ${g.neighbours.map((n) => `${n.count} x ${n.model}${n.batch === undefined ? '' : ` batch ${n.batch}`}`).join(' and ')}`]),
    ...(g.sharePercent === undefined ? [] : [`share ${g.sharePercent} %`]),
    ...(g.phase === undefined ? [] : [g.phase]),
    ...(g.mode === undefined ? [] : [`${g.mode} loop`]),
    ...(g.offeredRps === undefined ? [] : [`${g.offeredRps} requests/s`]),
  ].join(', ');
}
