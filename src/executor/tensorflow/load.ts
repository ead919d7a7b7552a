import { createRequire } from 'node:module';
import util from 'node:util';

/** What tfjs-node 4.22 calls and newer Nodes have no more: `util.isNullOrUndefined` is gone since Node 23, `util.isArray` is to go. */
const MISSED: Readonly<Record<string, (value: unknown) => boolean>> = {
  isNullOrUndefined: (value) => value === null || value === undefined,
  isArray: Array.isArray,
};

/** Adds to `util` what tfjs-node misses there; harmless where nothing is missing. */
export function mendUtil(target: Record<string, unknown> = util): void {
  for (const [name, stand] of Object.entries(MISSED)) if (typeof target[name] !== 'function') target[name] = stand;
}

/**
 * Loads tfjs-node from a folder, as `tfjsNodeDirectory` gives it, or from any other installation of it. It registers the
 * backend `tensorflow` with the engine, which all copies of tfjs-core in a process share.
 *
 * @returns the module; its types are those of `@tensorflow/tfjs-node`
 */
export function loadTfjsNode(directory: string): unknown {
  mendUtil();
  return createRequire(import.meta.url)(directory) as unknown;
}
