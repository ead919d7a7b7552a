import type * as converter from '@tensorflow/tfjs-converter';
import type * as core from '@tensorflow/tfjs-core';
import type * as layers from '@tensorflow/tfjs-layers';

/** What was found: a backend that works here. */
export interface Found {
  /** The device, in the words of its driver: "NVIDIA GeForce RTX 3080 Ti", "CPU, one core, SIMD". */
  device: string;
  /** The package that carries it, and its version: "tfjs-backend-wasm 4.22.0". */
  version: string;
  /** Memory of the device in MiB, where the backend tells. */
  memoryMiB?: number;
}

/** Why a backend does not work here, and the command that mends it. */
export interface Unavailable {
  reason: string;
  mend: string;
}

/** TensorFlow.js with one backend active. All backends work through the same three packages, so a process has one copy of them. */
export interface TensorFlow {
  core: typeof core;
  layers: typeof layers;
  converter: typeof converter;
  /** Opens a SavedModel folder for inference. Only native backends can. */
  loadSavedModel?: (folder: string) => Promise<SavedModel>;
}

/** A SavedModel's first signature: inputs in, outputs out. */
export interface SavedModel {
  predict(input: core.Tensor): core.Tensor | core.Tensor[] | core.NamedTensorMap;
  dispose(): void;
}

/** One way to compute with TensorFlow.js. */
export interface Backend {
  name: string;
  /** What it computes with, and for whom it is, in one sentence. */
  about: string;
  /** Environment variables that must be set before the process starts. A value that the user has set wins. */
  environment: Readonly<Record<string, string>>;
  /** The name under which TensorFlow.js registers it. */
  registeredAs: string;
  /**
   * Looks for the backend by opening it. A driver may end the process or keep it from ending, so this belongs into a process
   * of its own: see `findBackend`.
   */
  find(): Promise<Found | Unavailable>;
  /**
   * Makes it the active backend of this process. Once per process and never in a worker thread; end the process with
   * `process.exit`, since a driver's threads may keep it alive. Its first run of a model compiles, and is slow.
   *
   * @throws BackendUnavailable if it does not work here
   */
  open(): Promise<TensorFlow>;
}

/** A backend was asked for that does not work here. The message has the reason and the mend. */
export class BackendUnavailable extends Error {
  override readonly name = 'BackendUnavailable';
  readonly found: Unavailable;

  constructor(backend: string, found: Unavailable) {
    super(`backend ${backend}: ${found.reason}; ${found.mend}`);
    this.found = found;
  }
}

/** Whether a search found it. */
export const works = (answer: Found | Unavailable): answer is Found => 'device' in answer;

/** A backend's own part: prepares TensorFlow.js, and tells what the device is. Throws Unavailable's words as `BackendUnavailable`. */
export interface BackendParts extends Omit<Backend, 'find' | 'open'> {
  /** Registers the backend; the caller activates it. Returns what only this backend can do. */
  register(tensorflow: TensorFlow): Promise<Pick<TensorFlow, 'loadSavedModel'>>;
  /** Called once it is active. */
  describe(tensorflow: TensorFlow): Promise<Found>;
}

