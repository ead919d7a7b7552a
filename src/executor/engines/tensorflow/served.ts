import type { Tensor } from '@tensorflow/tfjs-core';
import { InputError } from '../../../input/error.js';
import type { TensorFlow } from '../../backends/contract.js';
import { openModel, type OpenedModel } from '../../models/open.js';
import type { BatchParts, ServedModel } from '../engine.js';
import { batchOf } from './images.js';
import { applyWeights } from '../../retraining/weights.js';
import { buildOptionsOf, type ModelChoice } from './options.js';

/**
 * Which parts of a batch's time a backend's calls tell apart. These three compute before `predict` returns, so that reading is reading only, and wasm copies
 * a tensor when it is made; others do both later, together with computing.
 */
const TOLD: Readonly<Record<string, readonly (keyof BatchParts)[]>> = { wasm: ['uploadMs', 'readbackMs'], cpu: ['readbackMs'], 'tfjs-node': ['readbackMs'] };

const BYTES_PER_MIB = 1024 * 1024;

/**
 * Opens a model and runs it once, which compiles and takes what memory it needs, so that the first request does not wait for it.
 *
 * @param backend name of what computes
 */
export async function serve(tensorflow: TensorFlow, backend: string, name: string, choice: ModelChoice): Promise<ServedModel> {
  const { source = name, input_size: inputSize, labels } = choice;
  const { core } = tensorflow;
  const before = core.memory().numBytes;
  const model = await openModel(tensorflow, source, buildOptionsOf(choice));
  const { trainable } = model;
  const memoryMiB = (core.memory().numBytes - before) / BYTES_PER_MIB;
  const shape = shapeOf(model, name, inputSize);
  const length = shape.reduce((product, n) => product * n, 1);

  const told = TOLD[backend] ?? [];
  let parts: BatchParts = {};
  const note = (part: keyof BatchParts, sinceMs: number): void => void (parts[part] = performance.now() - sinceMs);

  const run = async (batch: Float32Array, count: number): Promise<{ scores: Float32Array; each: number[] }> => {
    const madeMs = performance.now();
    const input = core.tensor(batch, [count, ...shape], 'float32');
    if (told.includes('uploadMs')) note('uploadMs', madeMs);
    let output: Tensor | undefined;
    try {
      output = model.predict(input);
      // Only reading the answer waits for it.
      const askedMs = performance.now();
      const scores = Float32Array.from(await output.data());
      if (told.includes('readbackMs')) note('readbackMs', askedMs);
      return { scores, each: output.shape.slice(1) };
    } finally {
      input.dispose();
      output?.dispose();
    }
  };

  const { each, scores } = await run(new Float32Array(length), 1);
  const width = scores.length;
  if (labels !== undefined && labels.length !== width) throw new InputError(`${name}: ${labels.length} labels are given, and its answers have ${width} numbers`);
  return {
    input: { name: 'input', datatype: 'FP32', shape },
    output: { name: 'probabilities', datatype: 'FP32', shape: each },
    ...(labels && { labels }),
    memoryMiB,
    async infer(images) {
      parts = {};
      const sinceMs = performance.now();
      const batch = batchOf(images, length);
      note('decodeMs', sinceMs);
      const { scores: all } = await run(batch, images.length);
      return images.map((_, i) => new Uint8Array(all.buffer, 4 * i * width, 4 * width));
    },
    parts: () => parts,
    ...(trainable && { setWeights: (weights: Uint8Array) => applyWeights(core, trainable, weights) }),
  };
}

/** Shape of one image, without what the model leaves open. */
function shapeOf({ inputShape }: OpenedModel, name: string, inputSize: number | undefined): number[] {
  const shape = inputShape ?? (inputSize === undefined ? undefined : [inputSize, inputSize, 3]);
  if (shape === undefined) throw new InputError(`${name}: the model does not say how large its images are; give an input size in pixels`);
  return shape.map((length) => {
    if (length > 0) return length;
    if (inputSize === undefined) throw new InputError(`${name}: the model takes images of any size, [${shape.map((n) => (n > 0 ? n : 'any')).join(', ')}]; give an input size in pixels`);
    return inputSize;
  });
}
