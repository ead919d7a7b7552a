// What of this project and of its packages the bundle needs: traced from the built program, as a bundler would, and left as files.
import { readdirSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { nodeFileTrace } from '@vercel/nft';

/** Loaded by name while running, which no trace sees. */
const BY_NAME = ['webgpu/index.js', 'webgpu/dist/linux-x64.dawn.node', '@tensorflow/tfjs-backend-webgpu/dist/tf-backend-webgpu.node.js'];
/** Binaries of other systems, and what only building needs. */
const ELSEWHERE = /\.dawn\.node$|d3dcompiler|musl|\.map$|\.d\.[cm]?ts$/;
const LICENCE = /^(licen[cs]e|notice|copying)/i;

/** @returns every file below `folder`, as paths from `root` */
export function below(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? below(root, path) : [path];
  });
}

/** @returns paths from `root`, sorted, and the packages that they belong to @throws Error if an optional package is not installed */
export async function filesOf(root) {
  const byName = BY_NAME.map((file) => join('node_modules', file));
  const missing = byName.find((file) => statSync(join(root, file), { throwIfNoEntry: false }) === undefined);
  if (missing !== undefined) throw new Error(`${missing} is missing; install it first:\n  npm install --no-save --save-dev webgpu@0.4.0 @tensorflow/tfjs-backend-webgpu@4.22.0`);
  const program = below(root, 'dist').filter((file) => file.endsWith('.js'));
  const { fileList } = await nodeFileTrace([...program, ...byName].map((file) => join(root, file)), { base: root });
  const traced = [...fileList].filter((file) => !ELSEWHERE.test(file) && !file.startsWith('test'));
  const packages = [...new Set(traced.map(packageOf).filter((folder) => folder !== undefined))].sort();
  const licences = packages.flatMap((folder) => readdirSync(join(root, folder)).filter((name) => LICENCE.test(name)).map((name) => join(folder, name)));
  // Opened by path: binaries of the wasm backend, and Vega's own minified build.
  const wasm = readdirSync(join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/dist')).filter((name) => name.endsWith('.wasm')).map((name) => join('node_modules/@tensorflow/tfjs-backend-wasm/dist', name));
  const own = ['scenarios', 'calibration', 'schemas'].flatMap((folder) => below(root, folder)).filter((file) => !file.endsWith('.csv.gz'));
  const files = [...traced, ...byName, ...licences, ...wasm, 'node_modules/vega/build/vega.min.js', ...own, 'package.json', 'LICENSE', 'README.md'];
  return { files: [...new Set(files)].filter((file) => statSync(join(root, file)).isFile()).sort(), packages };
}

function packageOf(file) {
  const parts = file.split(sep);
  const at = parts.lastIndexOf('node_modules');
  if (at < 0) return undefined;
  const length = parts[at + 1].startsWith('@') ? 3 : 2;
  return parts.length > at + length ? parts.slice(0, at + length).join(sep) : dirname(file);
}
