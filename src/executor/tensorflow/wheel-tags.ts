import { InputError } from '../../input/error.js';

/** The machine for which wheels are looked for. */
export interface Machine {
  platform: NodeJS.Platform;
  arch: string;
  /** Version of glibc, for example `2.36`; undefined where the C library is another. */
  glibc?: string;
}

/** The CPython whose wheels are taken, whichever one runs pip: only their C++ libraries are used. */
export const PYTHON = { version: '3.12', abi: 'cp312' } as const;

const LINUX: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/** Wheels for glibc begin at 2.17 (manylinux2014); TensorFlow's ask for 2.17, 2.27 or 2.28. */
const OLDEST_GLIBC = 17;

/**
 * Pip's names for what runs on a machine (PEP 600 and its predecessors), the newest first.
 *
 * @throws InputError where TensorFlow has no wheel with C++ libraries that node could load
 */
export function wheelPlatforms({ platform, arch, glibc }: Machine): string[] {
  if (platform === 'win32') {
    throw new InputError("setup tensorflow: TensorFlow's wheels for Windows have no C++ library to link with. Use WSL 2, where this works as on Linux, or --backend webgpu or wasm.");
  }
  if (platform === 'darwin' && arch === 'arm64') return ['macosx_12_0_arm64', 'macosx_11_0_arm64'];
  const processor = platform === 'linux' ? LINUX[arch] : undefined;
  if (processor === undefined) {
    throw new InputError(`setup tensorflow: there is no TensorFlow wheel for ${platform} on ${arch}; there are some for linux on x64 and arm64, and for darwin on arm64. Use --backend webgpu or wasm.`);
  }
  const minor = /^2\.(\d+)/.exec(glibc ?? '')?.[1];
  if (minor === undefined || Number(minor) < OLDEST_GLIBC) {
    const found = glibc === undefined ? 'this system has another C library (as Alpine does)' : `here is ${glibc}`;
    throw new InputError(`setup tensorflow: TensorFlow needs glibc 2.${OLDEST_GLIBC} or later; ${found}. Use an image with glibc, for example node:22-bookworm-slim.`);
  }
  const tags: string[] = [];
  for (let i = Number(minor); i >= OLDEST_GLIBC; i--) tags.push(`manylinux_2_${i}_${processor}`);
  return [...tags, `manylinux2014_${processor}`];
}

/**
 * The wheel on PyPI that has TensorFlow's libraries.
 *
 * @throws InputError where no wheel has CUDA
 */
export function tensorflowPackage(gpu: boolean, { platform, arch }: Machine): string {
  if (gpu && (platform !== 'linux' || LINUX[arch] === undefined)) {
    throw new InputError(`setup tensorflow: --gpu is for CUDA on Linux; here is ${platform}. Leave --gpu out, or use --backend webgpu, which runs on any current GPU.`);
  }
  return !gpu && platform === 'linux' && arch === 'x64' ? 'tensorflow-cpu' : 'tensorflow';
}
