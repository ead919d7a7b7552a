import type { EngineDefinition } from './engines/engine.js';
import { backends } from './backends/backends.js';

/** What a worker process can run, by the name that `--backend` uses. Loaded only where it is used: TensorFlow.js takes a while. */
export const engines: Record<string, () => Promise<EngineDefinition>> = {
  fake: async () => (await import('./engines/fake/fake.js')).default,
  ...Object.fromEntries(Object.keys(backends).map((name) => [name, async () => (await import('./engines/tensorflow/tensorflow.js')).tensorflowEngines[name]])),
};
