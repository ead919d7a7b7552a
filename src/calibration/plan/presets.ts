import type { TrainingPhase } from './cell.js';

/** What a preset measures, and how exactly. */
export interface Preset {
  about: string;
  /** Most inference jobs at once. */
  maxJobs: number;
  /** Batch sizes that are timed alone; co-runs are of batch 1. */
  batches: readonly number[];
  /** Jobs of different models at once, at most: every combination, with repetitions unless `subsets`. */
  mixJobs: number;
  /** Combinations have each model once, and there are no several jobs of one model: Corun's matrix. */
  subsets: boolean;
  /** Numbers of alike inference jobs beside training: `ends` for 1 and `maxJobs`, and pairs of two models where there are no more pairs than models; `all` for 1 to `maxJobs`, with the mixes. */
  besideTraining: 'all' | 'ends';
  trainingBatches: readonly number[];
  /** Of each training job. */
  phases: readonly TrainingPhase[];
  /** Shares of capacity of the open loops, 0 to 1. */
  shares: readonly number[];
  /** Whether a loading neighbour, and memory until it is full, are measured. */
  loading: boolean;
  memory: boolean;
  /** Each cell with new turns so many times. */
  repeats: number;
  /** A new process answers for so long before it takes part in a cell, ms: compilers and memory go on getting better for some seconds, by ten percent. */
  warmUpMs: number;
  /** Least and most time of measuring in a cell, ms; what is slower than that gets `minRows` rows all the same. */
  minMs: number;
  maxMs: number;
  minRows: number;
  /** Relative half width of the interval of each median at which a cell is done. */
  precision: number;
  /** A solo run after so many cells. */
  soloEvery: number;
  /** Cells that would begin later than this are left out, s. */
  budgetS: number;
}

/** The presets by name, one line in docs/calibrate.md each. */
export const presets = {
  quick: {
    about: 'a first profile within five minutes',
    maxJobs: 3,
    batches: [1, 4],
    mixJobs: 3,
    subsets: false,
    besideTraining: 'ends',
    trainingBatches: [16],
    phases: ['train', 'evaluate'],
    shares: [0.1, 0.6],
    loading: true,
    memory: true,
    // What of the second repetition is too late is left out.
    repeats: 2,
    warmUpMs: 3000,
    minMs: 1500,
    maxMs: 5000,
    minRows: 6,
    precision: 0.02,
    soloEvery: 4,
    budgetS: 285,
  },
  standard: {
    about: 'all that the fit and the simulator ask for, three times',
    maxJobs: 4,
    batches: [1, 2, 4, 8],
    mixJobs: 3,
    subsets: false,
    besideTraining: 'all',
    trainingBatches: [8, 16, 32],
    phases: ['train', 'evaluate'],
    shares: [0.1, 0.3, 0.6, 0.9],
    loading: true,
    memory: true,
    repeats: 3,
    warmUpMs: 3000,
    minMs: 2000,
    maxMs: 15_000,
    minRows: 20,
    precision: 0.01,
    soloEvery: 5,
    budgetS: Infinity,
  },
  paper: {
    about: "Corun's matrix: all subsets of the models, none to four at once, beside each training model",
    maxJobs: 4,
    batches: [1],
    mixJobs: 4,
    subsets: true,
    besideTraining: 'all',
    trainingBatches: [16],
    phases: ['train'],
    shares: [],
    loading: false,
    memory: true,
    repeats: 1,
    warmUpMs: 3000,
    minMs: 3000,
    maxMs: 20_000,
    minRows: 20,
    precision: 0.01,
    soloEvery: 8,
    budgetS: Infinity,
  },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof presets;
export const presetNames = Object.keys(presets) as PresetName[];
