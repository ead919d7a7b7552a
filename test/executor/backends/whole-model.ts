import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { TensorFlow } from '../../../src/executor/backends/contract.js';
import { openModel } from '../../../src/executor/models/open.js';
import { values } from './gradients.js';

export interface AnswerAndGradients {
  /** Probabilities of the classes, [classes]. */
  answer: Float32Array;
  /** Of the loss with respect to each trainable weight, in the order of the model. */
  gradients: Float32Array[];
}

/**
 * What a model of the zoo with seeded weights answers to one image, and the gradients of the cross-entropy of that answer with
 * the first of five classes, on each backend where they are asked for. Gradients are those of inference: batch normalisation uses its moving moments.
 */
export async function answersAndGradients(tf: TensorFlow, backends: readonly string[], name: string, inputSize: number, differentiate: boolean): Promise<AnswerAndGradients[]> {
  const { core } = tf;
  await core.setBackend(backends[0]);
  const opened = await openModel(tf, name, { inputSize, classes: 5, seed: 3 });
  const model = opened.trainable!;
  const x = core.tensor(values(11, inputSize * inputSize * 3), [1, inputSize, inputSize, 3]);
  const results: AnswerAndGradients[] = [];
  for (const backend of backends) {
    await core.setBackend(backend);
    const y = core.tidy(() => opened.predict(x));
    const answer = (await y.data()) as Float32Array;
    y.dispose();
    results.push({ answer, gradients: differentiate ? await gradientsOf(tf, model, x) : [] });
  }
  x.dispose();
  opened.dispose();
  return results;
}

async function gradientsOf({ core }: TensorFlow, model: LayersModel, x: Tensor): Promise<Float32Array[]> {
  const weights = model.trainableWeights.map((weight) => weight.read() as Variable);
  const first = core.tensor([[1, 0, 0, 0, 0]]);
  const { grads, value } = core.variableGrads(() => core.neg(core.log(core.sum<Scalar>(core.mul(model.apply(x, { training: false }) as Tensor, first)))), weights);
  const read = await Promise.all(weights.map(async ({ name }) => (await grads[name].data()) as Float32Array));
  core.dispose([first, value, ...Object.values(grads)]);
  return read;
}

/**
 * The largest |a − b| of any weight's gradient as a part of the largest |b| of any: gradients of a deep model are small, and
 * what training does with them depends on the larger ones. Infinite if lengths differ, a value is not finite, or all are zero.
 */
export function largestErrorOfGradients(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  if (a.length !== b.length) return Infinity;
  let error = 0;
  let largest = 0;
  for (const [i, gradient] of a.entries()) {
    if (gradient.length !== b[i].length) return Infinity;
    for (let k = 0; k < gradient.length; k++) {
      const difference = Math.abs(gradient[k] - b[i][k]);
      if (!Number.isFinite(difference)) return Infinity;
      error = Math.max(error, difference);
      largest = Math.max(largest, Math.abs(b[i][k]));
    }
  }
  return largest > 0 ? error / largest : Infinity;
}
