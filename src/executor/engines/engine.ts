/**
 * What a worker process runs: something that loads models and trains them on one accelerator. An engine lives in a worker
 * process and nowhere else, and may block that process as long as it likes.
 */
export interface Engine {
  /** What it found to run on, in words. */
  readonly device: string;
  /** Loads a model, ready for its first image. @throws OutOfMemory if the accelerator's memory does not hold it */
  load(model: string): Promise<ServedModel>;
  /** Prepares a retraining job. @throws OutOfMemory */
  train(job: TrainingOrder): Promise<Trainee>;
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
}

export interface TrainingOrder {
  model: string;
  batch: number;
}

/** A retraining job in memory. */
export interface Trainee {
  /** Trains for a slice, which nothing interrupts. @returns whether it ended an epoch @throws OutOfMemory */
  slice(): Promise<boolean>;
  /** Puts what was learnt in the place of the weights in use if it is better. @returns whether it was */
  deploy(): Promise<boolean>;
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
