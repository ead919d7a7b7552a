import type * as tfl from '@tensorflow/tfjs-layers';
import { InputError } from '../input/error.js';
import { openBlocks } from './blocks.js';
import type { BuildOptions, Layers, ZooModel } from './contract.js';

/**
 * Connects a model whose convolutions and dense layers are all zeros: enough to look at its shape. `initialise` gives them values.
 *
 * @param layers the layers package of the open backend
 * @param seed of its dropout
 * @throws InputError if the input is too small, or there are fewer than two classes
 */
export function buildModel(layers: Layers, model: ZooModel, { inputSize, classes }: BuildOptions, seed = 1): tfl.LayersModel {
  if (!Number.isInteger(inputSize) || inputSize < model.smallestInput)
    throw new InputError(`${model.name}: an input of ${inputSize} pixels; a whole number from ${model.smallestInput} is allowed, and ${model.inputSize} is usual`);
  if (!Number.isInteger(classes) || classes < 2) throw new InputError(`${model.name}: ${classes} classes; a whole number from 2 is allowed`);
  const image = layers.input({ shape: [inputSize, inputSize, 3], name: 'image' });
  return layers.model({ inputs: image, outputs: model.connect(openBlocks(layers, seed), image, classes), name: model.name });
}
