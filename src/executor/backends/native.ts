import { homedir } from 'node:os';
import { findTensorflow } from '../tensorflow/find.js';
import { loadTfjsNode, mendUtil } from '../tensorflow/load.js';
import { BackendUnavailable, type Backend, type SavedModel } from './contract.js';
import { defineBackend } from './define.js';
import { loadOptional } from './packages.js';

interface NativePackage {
  version?: { 'tfjs-core'?: string };
  node: { loadSavedModel(folder: string): Promise<SavedModel> };
  backend(): { isUsingGpuDevice?: boolean; binding?: { TF_Version?: string } };
}

/** Backends that call TensorFlow's own C library: what `corun setup tensorflow` built, else an installed package with the interface of `@tensorflow/tfjs-node`. */
export function defineNative(options: { name: string; about: string; gpu: boolean; packages: readonly string[]; install: string }): Backend {
  const { name, about, gpu, packages, install } = options;
  let loaded: NativePackage | undefined;
  return defineBackend({
    name,
    about,
    // Else TensorFlow takes all memory of the GPU for the first process.
    environment: { TF_FORCE_GPU_ALLOW_GROWTH: 'true', TF_CPP_MIN_LOG_LEVEL: '2' },
    registeredAs: 'tensorflow',
    register: async ({ core }) => {
      mendUtil();
      const built = await findTensorflow({ env: process.env, homeDir: homedir(), platform: process.platform }, gpu);
      loaded = built === undefined ? loadFirst(name, packages, install) : (loadTfjsNode(built.directory) as NativePackage);
      const version = loaded.version?.['tfjs-core'];
      if (version !== undefined && version !== core.version_core)
        throw new BackendUnavailable(name, { reason: `its package is for TensorFlow.js ${version}, and this is ${core.version_core}`, mend: install });
      const { node } = loaded;
      return { loadSavedModel: (folder) => node.loadSavedModel(folder) };
    },
    describe: async ({ core }) => {
      const { isUsingGpuDevice = false, binding } = loaded!.backend();
      if (gpu && !isUsingGpuDevice)
        throw new BackendUnavailable(name, { reason: 'TensorFlow loads, and finds no GPU that it can use', mend: 'look at the driver with nvidia-smi, then run: corun setup tensorflow --gpu' });
      const library = binding?.TF_Version === undefined ? '' : `, TensorFlow ${binding.TF_Version}`;
      return { device: isUsingGpuDevice ? 'GPU, through CUDA' : 'CPU, all cores', version: `tfjs-node ${core.version_core}${library}` };
    },
  });
}

/** The first of the packages that loads; else the last one's reason. */
function loadFirst(name: string, packages: readonly string[], install: string): NativePackage {
  let why: unknown;
  for (const candidate of packages) {
    try {
      return loadOptional(name, candidate, install) as NativePackage;
    } catch (error) {
      why ??= error;
    }
  }
  throw why;
}
