import type * as tfc from '@tensorflow/tfjs-core';
import type { KernelConfig } from '@tensorflow/tfjs-core';
import conv2dBackpropFilter from './conv2d-backprop-filter.js';
import depthwiseBackpropFilter from './depthwise-backprop-filter.js';
import depthwiseBackpropInput from './depthwise-backprop-input.js';

/** A kernel, given TensorFlow.js to compose it of others. */
export type Composition = (core: typeof tfc) => KernelConfig;

/** Every kernel that gradients of the zoo's layers need and the wasm backend lacks. One file, one line here. */
export const compositions: Record<string, Composition> = {
  Conv2DBackpropFilter: conv2dBackpropFilter,
  DepthwiseConv2dNativeBackpropFilter: depthwiseBackpropFilter,
  DepthwiseConv2dNativeBackpropInput: depthwiseBackpropInput,
};

/** Registers those that the backend has not got itself. */
export function registerGradientKernels(core: typeof tfc): void {
  for (const [name, composition] of Object.entries(compositions)) if (core.getKernel(name, 'wasm') === undefined) core.registerKernel(composition(core));
}
