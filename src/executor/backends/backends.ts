import { InputError } from '../../input/error.js';
import { didYouMean } from '../../input/nearest.js';
import type { Backend } from './contract.js';
import cpu from './cpu.js';
import tfjsNodeGpu from './tfjs-node-gpu.js';
import tfjsNode from './tfjs-node.js';
import wasm from './wasm.js';
import webgpu from './webgpu.js';

/** Every backend, the fastest first. One file, one line here, one test, one section in docs/backends.md. */
export const backends: Record<string, Backend> = { 'tfjs-node-gpu': tfjsNodeGpu, webgpu, 'tfjs-node': tfjsNode, wasm, cpu };

/**
 * The backend of that name.
 *
 * @throws InputError if there is none
 */
export function backendNamed(name: string): Backend {
  const names = Object.keys(backends);
  if (!names.includes(name)) throw new InputError(`no backend is called ${JSON.stringify(name)}${didYouMean(name, names)}\nAllowed: ${names.join(', ')}. See: corun backends`);
  return backends[name];
}
