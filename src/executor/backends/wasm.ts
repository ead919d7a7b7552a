import { defineBackend } from './define.js';
import { registerGradientKernels } from './wasm/kernels.js';

export default defineBackend({
  name: 'wasm',
  about: 'WebAssembly on one core: comes with Corun, and trains as well, with kernels that it lacks composed of those it has.',
  environment: {},
  registeredAs: 'wasm',
  register: async ({ core }) => {
    await import('@tensorflow/tfjs-backend-wasm');
    registerGradientKernels(core);
    return {};
  },
  describe: async ({ core }) => ({
    device: `CPU, one core, ${(await core.env().getAsync('WASM_HAS_SIMD_SUPPORT')) ? 'SIMD' : 'no SIMD'}`,
    version: `tfjs-backend-wasm ${core.version_core}`,
  }),
});
