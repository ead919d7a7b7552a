import { backends, backendNamed } from '../../backends/backends.js';
import type { Backend } from '../../backends/contract.js';
import { defineEngine, OutOfMemory, type EngineDefinition, type ServedModel, type Trainee } from '../engine.js';
import { TensorFlowOptionsSchema, type ModelChoice, type TensorFlowOptions } from './options.js';
import { serve } from './served.js';
import { trained } from './trained.js';

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
      const choiceOf = (model: string): ModelChoice => (Object.hasOwn(models, model) ? models[model] : {});
      const tensorflow = await backendNamed(name).open();
      return {
        device: name,
        load: (model) =>
          toldAsMemory(async (): Promise<ServedModel> => {
            const served = await serve(tensorflow, name, model, choiceOf(model));
            return { ...served, infer: (images) => toldAsMemory(() => served.infer(images)) };
          }),
        train: (order, inUse) =>
          toldAsMemory(async (): Promise<Trainee> => {
            const job = await trained(tensorflow, order, choiceOf(order.model), inUse);
            return { ...job, slice: () => toldAsMemory(() => job.slice()), evaluate: () => toldAsMemory(() => job.evaluate!()), deploy: () => toldAsMemory(() => job.deploy()) };
          }),
      };
    },
  });
}

/** One engine for each backend, by the backend's name. */
export const tensorflowEngines: Readonly<Record<string, EngineDefinition>> = Object.fromEntries(Object.values(backends).map((backend) => [backend.name, engineOver(backend)]));
