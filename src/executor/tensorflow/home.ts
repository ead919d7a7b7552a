import { posix, win32 } from 'node:path';

/** The TensorFlow that `corun setup tensorflow` takes unless told another: the newest one that was tried with tfjs-node. */
export const TENSORFLOW = '2.21.0';

/** The TensorFlow.js whose binding is built. */
export const TFJS_NODE = '4.22.0';

/** What of the surroundings says where things lie. */
export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  homeDir: string;
  platform: NodeJS.Platform;
}

/**
 * The folder that holds what `corun setup` builds: `$CORUN_HOME`; else `corun` in the user's folder for data, which is
 * `$XDG_DATA_HOME` or `~/.local/share`, on macOS `~/Library/Application Support`, on Windows `%LOCALAPPDATA%`.
 */
export function corunHome({ env, homeDir, platform }: Surroundings): string {
  const path = platform === 'win32' ? win32 : posix;
  if (env.CORUN_HOME) return env.CORUN_HOME;
  if (platform === 'win32') return path.join(env.LOCALAPPDATA || path.join(homeDir, 'AppData', 'Local'), 'corun');
  if (platform === 'darwin') return path.join(homeDir, 'Library', 'Application Support', 'corun');
  return path.join(env.XDG_DATA_HOME || path.join(homeDir, '.local', 'share'), 'corun');
}

/** The name of the folder of one setup, inside of `corunHome`: the CPU's and the GPU's lie beside each other. */
export const setupName = (gpu: boolean): string => (gpu ? 'tensorflow-gpu' : 'tensorflow-cpu');

/**
 * Where the package `@tensorflow/tfjs-node` lies whose binding `corun setup tensorflow` builds. Both for CPU and for GPU
 * it is this package: `@tensorflow/tfjs-node-gpu` has the same code, and the libraries make the difference.
 *
 * @param home as of `corunHome`
 */
export function tfjsNodeDirectory(home: string, gpu: boolean): string {
  return posix.join(home, setupName(gpu), 'node_modules', '@tensorflow', 'tfjs-node');
}
