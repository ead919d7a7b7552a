import { isMainThread } from 'node:worker_threads';
import { mendAveragePooling } from './average-pooling.js';
import { BackendUnavailable, type Backend, type BackendParts, type Found, type TensorFlow, type Unavailable } from './contract.js';

/** Completes a backend: loading the packages, activating, and turning what goes wrong into a reason and a mend. */
export function defineBackend(parts: BackendParts): Backend {
  const { name, about, environment, registeredAs } = parts;
  const open = async (): Promise<TensorFlow> => {
    if (!isMainThread)
      throw new BackendUnavailable(name, { reason: 'it was opened in a worker thread, where native backends crash', mend: 'open it in a process of its own' });
    for (const [variable, value] of Object.entries(environment)) process.env[variable] ??= value;
    const tensorflow = await loadPackages();
    Object.assign(tensorflow, await parts.register(tensorflow));
    mendAveragePooling(tensorflow.core);
    if (!(await activate(tensorflow, registeredAs)))
      throw new BackendUnavailable(name, { reason: 'TensorFlow.js could not start it', mend: 'see docs/backends.md for what it needs' });
    return tensorflow;
  };
  const find = async (): Promise<Found | Unavailable> => {
    try {
      return await parts.describe(await open());
    } catch (error) {
      if (error instanceof BackendUnavailable) return error.found;
      throw error;
    }
  };
  return { name, about, environment, registeredAs, find, open };
}

/** The packages are loaded when a backend is opened, never before: they take a second. */
async function loadPackages(): Promise<TensorFlow> {
  const core = await import('@tensorflow/tfjs-core');
  core.env().set('PROD', true);
  const [layers, converter] = await Promise.all([import('@tensorflow/tfjs-layers'), import('@tensorflow/tfjs-converter')]);
  return { core, layers, converter };
}

/** TensorFlow.js answers with false, or throws when nothing else is registered, as it pleases. */
async function activate({ core }: TensorFlow, registeredAs: string): Promise<boolean> {
  try {
    if (!(await core.setBackend(registeredAs))) return false;
    await core.ready();
    return true;
  } catch (error) {
    if (error instanceof Error && /could not initialize any backends/i.test(error.message)) return false;
    throw error;
  }
}
