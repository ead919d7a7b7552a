import type { EngineDefinition } from './engines/engine.js';

/** What a worker process can run, by the name that `--backend` uses. Loaded only where it is used: TensorFlow.js takes a while. */
export const engines: Record<string, () => Promise<EngineDefinition>> = {
  fake: async () => (await import('./engines/fake/fake.js')).default,
};
