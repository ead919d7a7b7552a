import type { Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { InputError } from '../../input/error.js';
import { stream, type Seed } from '../../random/stream.js';
import { layersOf } from './weights.js';

/** What learns of a model. */
export interface FineTuning {
  variables: Variable[];
  /** Gives every dropout layer draws of its own for a step, so that a step does the same after a restart. */
  seedDropout(step: number): void;
}

/** What is used of the inside of layers. */
interface Inside {
  seed?: number;
  call(inputs: unknown, options: Record<string, unknown>): unknown;
}

/**
 * Chooses what learns: all layers, or the last ones that have weights. A frozen batch normalisation keeps its moments and uses them,
 * as in Keras; TensorFlow.js would go on to change them, and the frozen part of the model with it.
 *
 * @param lastLayers how many layers with trainable weights learn, from the end; undefined: all
 * @throws InputError if the model has fewer
 */
export function fineTune(model: LayersModel, lastLayers: number | undefined, seed: Seed): FineTuning {
  const layers = layersOf(model);
  const withWeights = layers.filter((layer) => layer.trainableWeights.length > 0);
  if (withWeights.length === 0) throw new InputError(`${model.name}: it has no weights that can be trained`);
  const count = lastLayers ?? withWeights.length;
  if (count > withWeights.length) throw new InputError(`last_layers: ${count} is more than the ${withWeights.length} layers with weights that ${model.name} has`);
  const learning = new Set(withWeights.slice(withWeights.length - count));
  for (const layer of withWeights) {
    if (learning.has(layer) || layer.getClassName() !== 'BatchNormalization') continue;
    const inside = layer as unknown as Inside;
    const call = inside.call.bind(layer);
    inside.call = (inputs, options) => call(inputs, { ...options, training: false });
  }
  const dropouts = layers.filter((layer) => layer.getClassName() === 'Dropout') as unknown as Inside[];
  return {
    variables: [...learning].flatMap((layer) => layer.trainableWeights.map((weight) => weight.read() as Variable)),
    seedDropout(step) {
      for (const [i, dropout] of dropouts.entries()) dropout.seed = Math.floor(stream(seed, 'dropout', i, step)() * 2 ** 31);
    },
  };
}
