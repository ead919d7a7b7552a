import type * as tfc from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { InputError } from '../../input/error.js';
import type { TensorFlow } from '../backends/contract.js';
import type { Loader } from './loader.js';

/** What a model answers with: probabilities of the classes, or logits, to be brought to probabilities by a softmax. */
export type Output = 'probabilities' | 'logits';

/** Smaller probabilities count as this one, so that a loss is finite; as in Keras. */
const SMALLEST = 1e-7;

/** Cross-entropy of the true classes, averaged over the batch. */
export function crossEntropy(core: typeof tfc, output: tfc.Tensor2D, labels: tfc.Tensor1D, kind: Output): tfc.Scalar {
  const truth = core.oneHot(labels, output.shape[1]);
  const logarithms = kind === 'logits' ? core.logSoftmax(output) : core.log(core.clipByValue(output, SMALLEST, 1));
  return core.neg(core.mean(core.sum(core.mul(truth, logarithms), 1)));
}

/** 1 for each image whose class the model names, else 0. */
export const hits = (core: typeof tfc, output: tfc.Tensor2D, labels: tfc.Tensor1D): tfc.Tensor1D => core.cast(core.equal(core.argMax(output, 1), labels), 'float32');

/** Images and labels as tensors; the caller disposes them. */
export function toTensors(core: typeof tfc, { height, width, channels }: Pick<Loader, 'height' | 'width' | 'channels'>, images: Float32Array, labels: Int32Array): [tfc.Tensor4D, tfc.Tensor1D] {
  return [core.tensor4d(images, [labels.length, height, width, channels]), core.tensor1d(labels, 'int32')];
}

/**
 * Looks whether a model can learn from images: their size, and as many classes as it has outputs.
 *
 * @throws InputError
 */
export function checkFit(model: LayersModel, { width, height, channels, classes }: Loader, what: string): void {
  const [, ...input] = model.inputs[0].shape;
  const wanted = [height, width, channels];
  if (input.length !== 3 || input.some((length, i) => length !== null && length !== wanted[i]))
    throw new InputError(`${what}: images of ${wanted.join(' × ')} (height, width, channels), and ${model.name} takes ${input.map((length) => length ?? 'any').join(' × ')}`);
  const outputs = model.outputs[0].shape.at(-1);
  if (outputs !== classes.length) throw new InputError(`${what}: ${classes.length} classes, and ${model.name} answers with ${outputs}; open it with classes: ${classes.length}`);
}

/** Tells probabilities from logits by the answer to a batch: none is negative, and those of an image sum to 1. */
export async function outputOf({ core }: TensorFlow, model: LayersModel, loader: Loader): Promise<Output> {
  const { images, labels } = await loader.load([0]);
  const [x, y] = toTensors(core, loader, images, labels);
  const output = model.predict(x) as tfc.Tensor;
  const values = await output.data<'float32'>();
  core.dispose([x, y, output]);
  const sum = values.reduce((total, value) => total + value, 0);
  return values.every((value) => value >= 0) && Math.abs(sum - 1) < 1e-3 ? 'probabilities' : 'logits';
}

/** What a step did. */
export interface StepResult {
  /** Mean cross-entropy before the step. */
  loss: number;
  /** Images whose class the model named, before the step. */
  correct: number;
}

/** One step of an optimizer. It ends when the loss is read back, so its time is all of its time. */
export async function trainStep(
  core: typeof tfc,
  model: LayersModel,
  optimizer: tfc.Optimizer,
  variables: tfc.Variable[],
  [x, labels]: [tfc.Tensor4D, tfc.Tensor1D],
  kind: Output,
): Promise<StepResult> {
  let correct: tfc.Tensor | undefined;
  const meanLoss = (): tfc.Scalar => {
    const output = model.apply(x, { training: true }) as tfc.Tensor2D;
    correct = core.keep(core.sum(hits(core, output, labels)));
    const penalties = model.calculateLosses();
    return penalties.reduce<tfc.Scalar>((sum, penalty) => core.add(sum, penalty), crossEntropy(core, output, labels, kind));
  };
  const loss = core.tidy(() => optimizer.minimize(meanLoss, true, variables)!);
  const [[lossValue], [hitCount]] = await Promise.all([loss.data<'float32'>(), correct!.data<'float32'>()]);
  core.dispose([loss, correct!]);
  return { loss: lossValue, correct: hitCount };
}
