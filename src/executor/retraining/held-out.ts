import type * as tfc from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { TensorFlow } from '../backends/contract.js';
import type { Loader } from './loader.js';
import { crossEntropy, hits, toTensors, type Output } from './step.js';

/** How a model does on held-out images. */
export interface HeldOutResult {
  accuracy: number;
  /** Mean cross-entropy. */
  loss: number;
  /** 1 for each image that the model is right about, in their order. */
  hits: Uint8Array;
}

/** Asks a model about the held-out images from `first` on, `batch` of them at most. @returns their mean cross-entropy, and 1 for each that it is right about */
export async function testBatch({ core }: TensorFlow, model: LayersModel, heldOut: Loader, { first, batch }: { first: number; batch: number }, kind: Output): Promise<{ loss: number; hits: Float32Array }> {
  const { images, labels } = await heldOut.load(Array.from({ length: Math.min(batch, heldOut.labels.length - first) }, (_, i) => first + i));
  const [x, y] = toTensors(core, heldOut, images, labels);
  const [batchLoss, batchHits] = core.tidy(() => {
    const output = model.predict(x) as tfc.Tensor2D;
    return [crossEntropy(core, output, y, kind), hits(core, output, y)];
  });
  const [[loss], found] = await Promise.all([batchLoss.data<'float32'>(), batchHits.data<'float32'>()]);
  core.dispose([x, y, batchLoss, batchHits]);
  return { loss, hits: found };
}

/** Asks a model about all held-out images, as it answers when it serves: without dropout, and with the moments that it has learnt. */
export async function testHeldOut(tensorflow: TensorFlow, model: LayersModel, heldOut: Loader, batch: number, kind: Output): Promise<HeldOutResult> {
  const count = heldOut.labels.length;
  const right = new Uint8Array(count);
  let loss = 0;
  for (let first = 0; first < count; first += batch) {
    const found = await testBatch(tensorflow, model, heldOut, { first, batch }, kind);
    loss += found.loss * found.hits.length;
    right.set(found.hits, first);
  }
  return { accuracy: right.reduce((sum, hit) => sum + hit, 0) / count, loss: loss / count, hits: right };
}
