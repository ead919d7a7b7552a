import { defineBackend } from './define.js';

export default defineBackend({
  name: 'cpu',
  about: 'Plain JavaScript on one core: the reference that the others are checked against, and far too slow to serve with.',
  environment: {},
  registeredAs: 'cpu',
  register: async () => {
    await import('@tensorflow/tfjs-backend-cpu');
    return {};
  },
  describe: async ({ core }) => ({ device: 'CPU, one core, no SIMD', version: `tfjs-backend-cpu ${core.version_core}` }),
});
