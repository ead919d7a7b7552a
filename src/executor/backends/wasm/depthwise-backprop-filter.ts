import type { Tensor4D } from '@tensorflow/tfjs-core';
import { depthwiseInfo, type DepthwiseAttributes } from './depthwise-info.js';
import type { Composition } from './kernels.js';
import { patches } from './patches.js';

/** Gradient of a depthwise convolution with respect to its filter: per place of the filter, the inputs that it met times the gradients, summed. */
const composition: Composition = (core) => ({
  kernelName: 'DepthwiseConv2dNativeBackpropFilter',
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs }) => {
    const { x, dy } = inputs as unknown as { x: Tensor4D; dy: Tensor4D };
    const { filterShape, ...attributes } = attrs as unknown as DepthwiseAttributes & { filterShape: [number, number, number, number] };
    const info = depthwiseInfo(core, x.shape, filterShape, attributes);
    const [, , inChannels, multiplier] = filterShape;
    return core.tidy(() => {
      const gradients = core.reshape(dy, [-1, inChannels, multiplier]);
      const met = patches(core, x, info).map((patch) => core.sum(core.mul(core.reshape(patch, [-1, inChannels, 1]), gradients), 0));
      return core.reshape(core.stack(met), filterShape);
    });
  },
});

export default composition;
