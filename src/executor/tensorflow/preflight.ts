import { mkdir, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError } from '../../input/error.js';
import type { RunCommand } from './command.js';

/** Bytes that are downloaded, taken at most, and kept; measured with TensorFlow 2.21.0 on Linux. */
export const SIZES: Readonly<Record<'cpu' | 'gpu', { download: number; peak: number; kept: number }>> = {
  cpu: { download: 0.34e9, peak: 1.5e9, kept: 1.2e9 },
  gpu: { download: 3.45e9, peak: 9.4e9, kept: 6.0e9 },
};

export const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(bytes < 1e9 ? 2 : 1)} GB`;

/** Minutes, or seconds below two of them, that a download takes at 100 Mbit/s. */
export function downloadTime(bytes: number): string {
  const seconds = (bytes * 8) / 100e6;
  return seconds < 120 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}

interface Tool {
  program: string;
  args: readonly string[];
  /** What is missing where it is absent, or does not work, and what mends that. */
  fix: string;
}

function tools(python: string, platform: NodeJS.Platform, env: NodeJS.ProcessEnv): Tool[] {
  const compiler = platform === 'darwin' ? 'xcode-select --install' : 'apt-get install build-essential (Debian, Ubuntu), or dnf install gcc-c++ make (Fedora)';
  return [
    { program: python, args: ['-m', 'pip', '--version'], fix: `pip, which downloads TensorFlow: ${platform === 'darwin' ? 'brew install python' : 'apt-get install python3-pip'}, or name a Python that has it with --python` },
    { program: env.CXX ?? 'c++', args: ['--version'], fix: `a C++ compiler, which builds the binding: ${compiler}` },
    { program: 'make', args: ['--version'], fix: `make, which node-gyp calls: ${compiler}` },
    { program: 'npm', args: ['--version'], fix: 'npm, which installs @tensorflow/tfjs-node: it comes with Node, see https://nodejs.org' },
  ];
}

/**
 * Looks for everything that a setup needs before anything is downloaded, and tells of all that is missing at once.
 *
 * @throws InputError
 */
export async function preflight(run: RunCommand, { root, python, gpu, platform, env }: { root: string; python: string; gpu: boolean; platform: NodeJS.Platform; env: NodeJS.ProcessEnv }): Promise<void> {
  const missing: string[] = [];
  for (const { program, args, fix } of tools(python, platform, env)) {
    const { status, absent } = await run(program, args);
    if (status !== 0) missing.push(`${absent ? `${program} is not here` : `${[program, ...args].join(' ')} fails`}. It needs ${fix}.`);
  }
  const { peak } = SIZES[gpu ? 'gpu' : 'cpu'];
  const free = await freeBytes(root);
  if (free < peak) missing.push(`${root} has ${gigabytes(free)} free, and ${gigabytes(peak)} are needed. Make room, or choose another place with --dir.`);
  if (missing.length > 0) throw new InputError(['setup tensorflow cannot start:', ...missing.map((line) => `- ${line}`)].join('\n'));
}

/** As `mkdir` with `recursive`, which never comes back in Node 20 where a folder exists and nothing can be made in it, as in /proc. */
async function makeFolder(folder: string): Promise<void> {
  if (await stat(folder).then((found) => found.isDirectory(), () => false)) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder));
  await mkdir(folder);
}

/** Bytes that may still be written under a folder, which is made. */
async function freeBytes(folder: string): Promise<number> {
  try {
    await makeFolder(folder);
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new InputError(`--dir: ${folder} cannot be written to (${code}). Name a folder that you may write to, for example --dir ~/corun.`);
  }
}
