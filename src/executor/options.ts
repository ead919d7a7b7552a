import type { Outcome } from '../control/driver.js';
import type { Witness } from '../measurement/witness.js';
import type { Deployment } from './deployments.js';
import type { SiteElsewhere } from './elsewhere/site.js';
import type { LearningOrder } from './engines/engine.js';
import type { EventLog } from './log/event-log.js';
import type { Edge } from './repository/edge.js';
import type { Command } from './log/tally.js';

export interface ExecutorOptions {
  /** By its name in `engines`. */
  engine: string;
  engineOptions: unknown;
  /** Number of each accelerator on this machine, for CUDA; undefined where the engine chooses by itself. */
  cudaDevices?: readonly (number | undefined)[];
  /** Share of its accelerator that each worker process may use, in percent, for CUDA MPS; all of it if left out. */
  sharePercent?: number;
  /** Training batch, by job. */
  jobBatches?: readonly number[];
  /** What jobs really learn from, by job; nothing for an engine whose work is programmed. */
  learning?: readonly (LearningOrder | undefined)[];
  /** Weights to serve with instead of those that models are opened with, by model. */
  weights?: ReadonlyMap<string, Uint8Array>;
  /** Sites of the system that other processes run, by number. */
  elsewhere?: ReadonlyMap<number, SiteElsewhere>;
  /** Where versions of models come from, for a system with a repository; it serves one site. */
  edge?: Edge;
  /** A process that is idle, or trains, and does not answer for so long is taken for dead. */
  silentForMs?: number;
  log?: EventLog;
  /** Sees every command, for tests and the live page. */
  onCommand?: (command: Command) => void;
  /** Is told what a measurement counts. */
  witness?: Witness;
  report?: ExecutorReport;
}

/** What an operator wants to know, beyond the books. */
export interface ExecutorReport {
  workerDied?(worker: number, why: string): void;
  /** `againInMs` is Infinity where it is not started again by itself. */
  trainerDied?(job: number, why: string, againInMs: number): void;
  /** A site elsewhere does not answer any more, or again. */
  siteLost?(site: number, isLost: boolean): void;
  trainerSays?(job: number, sentence: string): void;
  /** What was learnt was compared with what is in use. */
  deployed?(deployment: Deployment): void;
  /** A worker answers with these weights from now on, or with those that it had, where they were refused. */
  weightsInPlace?(worker: number, version: number, tookMs: number, refused: string | undefined): void;
  noticed?(job: number): void;
  /** A policy or the books failed: nothing is decided any more, and every request that waits has failed. */
  failed?(error: Error): void;
}

/** Which weights gave an answer: the job that trains them, NONE where none does here, and how often it had deployed. */
export interface WeightsOf {
  job: number;
  version: number;
}

/** What gave an answer. */
export interface AnsweredBy extends WeightsOf {
  lane: number;
  /** How long the request was on its way to the site that answered, ms; 0 where it began there. */
  uploadMs: number;
}

/** Is called when a request has ended. `answer`: float32 output of its model, and `by` what gave it, if it was answered. */
export type Done = (outcome: Outcome, answer: Uint8Array | undefined, by?: AnsweredBy) => void;
