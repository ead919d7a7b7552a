import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { InputError } from '../../input/error.js';
import { buildModel } from '../../models/build.js';
import type { BuildOptions } from '../../models/contract.js';
import { initialise } from '../../models/initialise.js';
import { zooModel } from '../../models/zoo.js';
import type { TensorFlow } from '../backends/contract.js';
import { readOwnModel } from './own.js';

/** A model that answers. */
export interface OpenedModel {
  /** Shape of its input without the batch, [height, width, channels] for images; -1 where any length will do. Undefined where the file does not tell. */
  inputShape?: number[];
  /** Input [batch, …inputShape] to output [batch, …]. The caller disposes both. */
  predict(input: Tensor): Tensor;
  /** Present if it can be trained. */
  trainable?: LayersModel;
  dispose(): void;
}

const looksLikePlace = (source: string): boolean => /[/\\]|\.json$/i.test(source);

/**
 * Opens a model: one of the zoo by its name, with seeded weights; or a user's own by the path or URL of its model.json, or the
 * folder of a SavedModel on a native backend.
 *
 * @param options input size and classes of a model of the zoo; a user's own has its own
 * @throws InputError if there is no such model, or it cannot be read
 */
export async function openModel(tensorflow: TensorFlow, source: string, options: Partial<BuildOptions> & { seed?: number } = {}): Promise<OpenedModel> {
  if (!looksLikePlace(source)) {
    const { inputSize = zooModel(source).inputSize, classes = 1000, seed = 1 } = options;
    const model = buildModel(tensorflow.layers, zooModel(source), { inputSize, classes }, seed);
    initialise(tensorflow.core, model, seed);
    return ofLayers(model);
  }
  if (await isSavedModel(source)) return openSavedModel(tensorflow, source);
  const { kind, artifacts } = await readOwnModel(source);
  const handler = tensorflow.core.io.fromMemory(artifacts);
  try {
    if (kind === 'layers') return ofLayers(await tensorflow.layers.loadLayersModel(handler));
    const model = await tensorflow.converter.loadGraphModel(handler);
    const shape = model.inputs[0]?.shape?.slice(1);
    return { inputShape: shape, predict: (input) => onlyOutput(model.predict(input)), dispose: () => model.dispose() };
  } catch (error) {
    throw new InputError(`${source}: TensorFlow.js cannot open it: ${(error as Error).message.split('\n')[0]}`);
  }
}

function ofLayers(model: LayersModel): OpenedModel {
  const inputShape = model.inputs[0].shape.slice(1).map((length) => length ?? -1);
  return { inputShape, predict: (input) => onlyOutput(model.predict(input)), trainable: model, dispose: () => void model.dispose() };
}

const isSavedModel = (folder: string): Promise<boolean> =>
  stat(join(folder, 'saved_model.pb')).then(
    (file) => file.isFile(),
    () => false,
  );

async function openSavedModel({ loadSavedModel }: TensorFlow, folder: string): Promise<OpenedModel> {
  if (loadSavedModel === undefined) throw new InputError(`${folder}: a SavedModel needs the backend tfjs-node or tfjs-node-gpu; or convert it with tensorflowjs_converter, and give the path of its model.json`);
  const model = await loadSavedModel(folder).catch((error: unknown) => {
    throw new InputError(`${folder}: TensorFlow cannot open this SavedModel: ${(error instanceof Error ? error.message : String(error)).split('\n')[0]}`);
  });
  return { predict: (input) => onlyOutput(model.predict(input)), dispose: () => model.dispose() };
}

/** Of a model with several outputs, the first. */
function onlyOutput(output: Tensor | Tensor[] | NamedTensorMap): Tensor {
  if ('dataId' in output && typeof output.dispose === 'function') return output as Tensor;
  const [first, ...others] = Object.values(output) as Tensor[];
  for (const other of others) other.dispose();
  return first;
}
