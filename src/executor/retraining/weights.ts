import type * as tfc from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { InputError } from '../../input/error.js';
import { decodeTensors, encodeTensors, type NamedValues } from './tensor-file.js';

type Layer = LayersModel['layers'][number];
type LayerVariable = LayersModel['weights'][number];

/** Layers in the order of the model, with those of a model within the model in its place. */
export function layersOf(model: { layers: Layer[] }): Layer[] {
  return model.layers.flatMap((layer) => ('layers' in layer ? layersOf(layer as unknown as LayersModel) : [layer]));
}

/**
 * All weights, layer by layer. `model.weights` puts those that are not trained behind the others, so its order is another one where
 * layers are frozen; this one is the same for the model that is trained and for the one that serves.
 */
export function weightsInOrder(model: LayersModel): LayerVariable[] {
  return layersOf(model).flatMap((layer) => layer.weights);
}

/** The values of all weights of a model, read back from the device. */
export async function readWeights(model: LayersModel): Promise<NamedValues[]> {
  const weights = weightsInOrder(model);
  for (const { originalName, dtype } of weights) if (dtype !== 'float32') throw new InputError(`weight ${originalName} is ${dtype}; only models with float32 weights can be retrained`);
  return Promise.all(weights.map(async (weight) => ({ name: weight.originalName, shape: weight.shape as number[], values: await weight.read().data<'float32'>() })));
}

/** The weights of a model in one binary, to be sent to those who serve it. See `encodeTensors` for its layout. */
export async function weightsToBytes(model: LayersModel): Promise<Uint8Array> {
  return encodeTensors({ about: {}, tensors: await readWeights(model) });
}

/**
 * Puts weights in the place of those in use. Nothing is awaited, so a process does it between two requests: each is answered wholly
 * by the old ones or wholly by the new ones. The model is not built again, and keeps what the backend has compiled for it.
 *
 * @throws InputError if they belong to another model; then the model is as before
 */
export function writeWeights(core: Pick<typeof tfc, 'tensor'>, model: LayersModel, given: readonly NamedValues[]): void {
  const weights = weightsInOrder(model);
  if (weights.length !== given.length) throw new InputError(`these weights are ${given.length} tensors, and the model has ${weights.length}; they belong to another model`);
  for (const [i, { originalName, shape }] of weights.entries()) {
    const { name, shape: other } = given[i];
    if (shape.join() !== other.join()) throw new InputError(`weight ${originalName} of the model has the shape [${shape.join(', ')}], and ${name} at its place [${other.join(', ')}]; they belong to another model`);
  }
  for (const [i, weight] of weights.entries()) {
    const tensor = core.tensor(given[i].values, weight.shape as number[], 'float32');
    weight.write(tensor);
    tensor.dispose();
  }
}

/**
 * Puts weights from `weightsToBytes` in the place of those in use, as `writeWeights` does.
 *
 * @throws InputError if they belong to another model
 * @throws DamagedTensors if bytes were lost or changed on the way
 */
export function applyWeights(core: Pick<typeof tfc, 'tensor'>, model: LayersModel, bytes: Uint8Array): void {
  writeWeights(core, model, decodeTensors(bytes).tensors);
}
