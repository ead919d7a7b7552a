import { createRequire } from 'node:module';
import { BackendUnavailable, type Backend, type SavedModel } from './contract.js';
import { defineBackend } from './define.js';
import { loadOptional } from './packages.js';

interface NativePackage {
  version?: { 'tfjs-core'?: string };
  node: { loadSavedModel(folder: string): Promise<SavedModel> };
  backend(): { isUsingGpuDevice?: boolean; binding?: { TF_Version?: string } };
}

/** Backends that call TensorFlow's own C library, through a package with the interface of `@tensorflow/tfjs-node`. */
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
      giveBackNullCheck();
      loaded = loadFirst(name, packages, install);
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

/** `@tensorflow/tfjs-node` 4.22 calls functions of `util` that Node 23 removed. */
export function giveBackNullCheck(): void {
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}
