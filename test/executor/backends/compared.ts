import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { backends } from '../../../src/executor/backends/backends.js';
import type { TensorFlow } from '../../../src/executor/backends/contract.js';
import { registerGradientKernels } from '../../../src/executor/backends/wasm/kernels.js';
import { zoo } from '../../../src/models/zoo.js';
import { cases, largestError, outputAndGradients } from './gradients.js';
import { answersAndGradients, largestErrorOfGradients } from './whole-model.js';

/** How far one backend is from another. */
export interface Compared {
  name: string;
  /** Of an answer, |a − b| / max(1, |b|). */
  answer: number;
  /** Of the gradients of all weights, as a part of the largest of them. */
  gradients: number;
  weights: number;
  seconds: number;
}

async function opened(name: keyof typeof backends): Promise<{ tf: TensorFlow; registeredAs: string }> {
  const tf = await backends[name].open();
  registerGradientKernels(tf.core);
  return { tf, registeredAs: backends[name].registeredAs };
}

/** Output and gradients of each kind of layer: the largest error, by its name. */
export async function compareLayers(backend: keyof typeof backends): Promise<Record<string, number>> {
  const { tf, registeredAs } = await opened(backend);
  const errors: Record<string, number> = {};
  for (const [name, tried] of Object.entries(cases)) errors[name] = largestError(await outputAndGradients(tf, registeredAs, tried), await outputAndGradients(tf, 'cpu', tried));
  return errors;
}

/** Models of the zoo at their smallest input, beside wasm. */
export async function compareModels(backend: keyof typeof backends, names: readonly string[]): Promise<Compared[]> {
  const { tf, registeredAs } = await opened(backend);
  const compared: Compared[] = [];
  for (const name of names) {
    const sinceMs = performance.now();
    // From webgpu nothing can be moved without waiting, to it all can.
    const [reference, found] = await answersAndGradients(tf, ['wasm', registeredAs], name, zoo[name].smallestInput, true);
    compared.push({ name, answer: largestError([found.answer], [reference.answer]), gradients: largestErrorOfGradients(found.gradients, reference.gradients), weights: found.gradients.length, seconds: (performance.now() - sinceMs) / 1000 });
  }
  return compared;
}
