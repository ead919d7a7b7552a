import type { RetrainingOptions } from '../retraining/options.js';

/**
 * What a worker process runs: something that loads models and trains them on one accelerator. An engine lives in a worker
 * process and nowhere else, and may block that process as long as it likes.
 */
export interface Engine {
  /** What it found to run on, in words. */
  readonly device: string;
  /** Loads a model, ready for its first image. @throws OutOfMemory if the accelerator's memory does not hold it */
  load(model: string): Promise<ServedModel>;
  /**
   * Prepares a retraining job.
   *
   * @param inUse the weights that serve at present, where they are others than those that the model is opened with
   * @throws OutOfMemory
   * @throws InputError if it can never work as it is told; it is not tried again then
   */
  train(job: TrainingOrder, inUse?: Uint8Array): Promise<Trainee>;
}

/** Shape and type of a tensor. */
export interface TensorSpec {
  name: string;
  datatype: 'FP32';
  /** Of one image, without the batch: height, width, channels for images. */
  shape: readonly number[];
}

export interface ModelSpec {
  input: TensorSpec;
  output: TensorSpec;
  /** Classes by position in the output, where they have names. */
  labels?: readonly string[];
  /** What its weights take, MiB, where the engine knows. */
  memoryMiB?: number;
}

/** Parts of the time of a batch, ms; absent is what an engine cannot tell apart. */
export interface BatchParts {
  /** Bringing the images to numbers. */
  decodeMs?: number;
  /** Bringing them to the device. */
  uploadMs?: number;
  /** Bringing the answers back, without waiting for them to be computed. */
  readbackMs?: number;
}

/** A model in memory. */
export interface ServedModel extends ModelSpec {
  /**
   * Answers a batch.
   *
   * @param images one each: the input tensor as float32 (little-endian), or one byte per element, 0 to 255, which stands for 0 to 1.
   *   They are views into what was received, so an image may begin at any byte
   * @returns one output tensor per image, as float32
   * @throws OutOfMemory
   */
  infer(images: readonly Uint8Array[]): Promise<readonly Uint8Array[]>;
  /** Of the last batch. */
  parts?(): BatchParts;
  /**
   * Puts weights in the place of those in use, between two batches. Absent where a model cannot be retrained.
   *
   * @param weights as a `Proposal` has them
   * @throws Error if they are damaged or of another model; then the model is as before
   */
  setWeights?(weights: Uint8Array): void;
}

export interface TrainingOrder {
  model: string;
  batch: number;
  /** What it learns from, and how. An engine whose work is programmed does without. */
  learning?: LearningOrder;
}

/** What a job that really learns is told. */
export interface LearningOrder {
  /** As `openImages` takes them. */
  images: Readonly<Record<string, unknown>>;
  /** Share of them that is held out. */
  heldOutShare: number;
  options: RetrainingOptions;
  /** A slice makes steps for so long, at least one. */
  sliceMs: number;
  /** Folder for its checkpoints, of its own; without one a job that dies begins anew. */
  folder?: string;
}

/** How far a job is. */
export interface Progress {
  /** The job's own count, which goes on after a restart. */
  epoch: number;
  /** Of the present epoch, 0 to 1. */
  fraction: number;
  /** Of the last step. */
  loss: number;
  /** Share of the present epoch's time in which steps waited for images. */
  loaderBoundShare: number;
}

/** What a slice did. */
export interface Slice {
  epochEnded: boolean;
  /** Present and true if it did one step with a whole batch and nothing else, so that it is like all others that say so. */
  whole?: boolean;
  progress?: Progress;
  /** What an operator should know, such as a checkpoint that could not be written. */
  notices?: readonly string[];
}

/** New weights, set beside those in use. Accuracies are shares of the held-out images. */
export interface Comparison {
  accuracyBefore: number;
  accuracyAfter: number;
  /** Held-out images. */
  images: number;
  /** Of the gain. */
  gainCi95: readonly [number, number];
  /** In one sentence. */
  reason: string;
}

/** What came of the question whether to deploy. */
export interface Proposal {
  /** Whether what was learnt is better, and so in use from now on as far as the job is concerned. */
  better: boolean;
  comparison?: Comparison;
  /** For `ServedModel.setWeights`, if it is better and they are real. */
  weights?: Uint8Array;
  notices?: readonly string[];
}

/** A retraining job in memory. */
export interface Trainee {
  /** What an operator should know of how it began. */
  notices?: readonly string[];
  /** Trains for a slice, which nothing interrupts. @throws OutOfMemory */
  slice(): Promise<Slice>;
  /** Asks the model about the next batch of held-out images, as before a deploy, and changes nothing; after the last one it begins anew, and says `epochEnded`. @throws OutOfMemory */
  evaluate?(): Promise<Slice>;
  /** Compares what was learnt with the weights in use, and takes it for these if it is better. @throws OutOfMemory */
  deploy(): Promise<Proposal>;
}

/** What an engine is told when its process starts. */
export interface EngineOrder {
  /** Its own options, as `EngineDefinition.options` says. */
  options: unknown;
  /** Number of the accelerator on this machine. */
  accelerator: number;
}

/** An engine as a worker process finds it. */
export interface EngineDefinition {
  name: string;
  about: string;
  /** JSON schema of its options. */
  options: object;
  /** Called in the worker process. @throws Error with a message for the user if it does not work here */
  open(order: EngineOrder): Promise<Engine>;
}

/** The accelerator's memory does not hold what was to be loaded or computed. The process ends. */
export class OutOfMemory extends Error {
  override readonly name = 'OutOfMemory';
}

export function defineEngine(engine: EngineDefinition): EngineDefinition {
  return engine;
}
