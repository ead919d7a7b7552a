import { backends, backendNamed } from '../../backends/backends.js';
import type { Backend } from '../../backends/contract.js';
import { defineEngine, OutOfMemory, type EngineDefinition, type ServedModel } from '../engine.js';
import { TensorFlowOptionsSchema, type TensorFlowOptions } from './options.js';
import { serve } from './served.js';

/** What TensorFlow.js and what lies below it say when memory was what they lacked. */
const MEMORY_WORDS = /out of memory|\bOOM\b|RESOURCE_EXHAUSTED|bad_alloc|Cannot enlarge memory|Array buffer allocation failed/i;

async function toldAsMemory<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && MEMORY_WORDS.test(error.message)) throw new OutOfMemory(error.message.split('\n')[0]);
    throw error;
  }
}

/** The engine over a backend of TensorFlow.js: models of the zoo and a user's own. */
function engineOver({ name, about }: Backend): EngineDefinition {
  return defineEngine({
    name,
    about,
    options: TensorFlowOptionsSchema,
    open: async ({ options }) => {
      const { models } = options as TensorFlowOptions;
      const tensorflow = await backendNamed(name).open();
      return {
        device: name,
        load: (model) =>
          toldAsMemory(async (): Promise<ServedModel> => {
            const served = await serve(tensorflow, model, Object.hasOwn(models, model) ? models[model] : {});
            return { ...served, infer: (images) => toldAsMemory(() => served.infer(images)) };
          }),
        train: ({ model }) => Promise.reject(new Error(`retraining ${model} on ${name} is not built yet; leave it out with: --set retrain=never`)),
      };
    },
  });
}

/** One engine for each backend, by the backend's name. */
export const tensorflowEngines: Readonly<Record<string, EngineDefinition>> = Object.fromEntries(Object.values(backends).map((backend) => [backend.name, engineOver(backend)]));
