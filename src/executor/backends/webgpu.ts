import { BackendUnavailable } from './contract.js';
import { defineBackend } from './define.js';
import { loadOptional } from './packages.js';

interface Adapter {
  info: { vendor: string; architecture: string; device: string; description: string };
  limits: { maxBufferSize: number };
}
interface Gpu {
  requestAdapter(options?: object): Promise<Adapter | null>;
}
interface Dawn {
  create: (options: string[]) => Gpu;
  globals: Record<string, unknown>;
}

const INSTALL = 'run: npm install webgpu @tensorflow/tfjs-backend-webgpu@4.22.0';
let adapter: Adapter | null = null;

export default defineBackend({
  name: 'webgpu',
  about: 'Any current GPU, through Vulkan, Metal or Direct3D 12, with Dawn as its driver.',
  environment: {},
  registeredAs: 'webgpu',
  register: async () => {
    const { create, globals } = loadOptional('webgpu', 'webgpu', INSTALL) as Dawn;
    Object.assign(globalThis, globals);
    const gpu = create([]);
    adapter = await gpu.requestAdapter();
    if (adapter === null)
      throw new BackendUnavailable('webgpu', {
        reason: 'no GPU driver was found',
        mend: 'install the Vulkan driver of the GPU and the loader libvulkan1 (Debian: apt-get install libvulkan1 mesa-vulkan-drivers); without a GPU, VK_ICD_FILENAMES may name a software driver, as docs/backends.md shows',
      });
    // Node 20 has no navigator, later versions have one without a gpu.
    Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'node' }, configurable: true, writable: true });
    loadOptional('webgpu', '@tensorflow/tfjs-backend-webgpu', INSTALL);
    return {};
  },
  describe: async ({ core }) => {
    const { description, device, vendor } = adapter!.info;
    return { device: [vendor, device, description].filter((word) => word !== '').join(', '), version: `tfjs-backend-webgpu ${core.version_core}` };
  },
});
