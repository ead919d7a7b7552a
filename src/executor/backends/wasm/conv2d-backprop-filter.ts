import type { Rank, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { patches } from './patches.js';
import type { Composition } from './kernels.js';

/**
 * Gradient of a convolution with respect to its filter: for each place (i, j) of the filter, the inputs that it met,
 * [batch × height × width, in], transposed, times the gradients of the outputs, [batch × height × width, out].
 */
const composition: Composition = (core) => ({
  kernelName: 'Conv2DBackpropFilter',
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs }) => {
    const { x, dy } = inputs as unknown as { x: Tensor4D; dy: Tensor4D };
    const { strides, pad, dataFormat, dimRoundingMode, filterShape } = attrs as unknown as {
      strides: [number, number];
      pad: 'same' | 'valid' | number;
      dataFormat: 'NHWC';
      dimRoundingMode?: 'floor' | 'round' | 'ceil';
      filterShape: [number, number, number, number];
    };
    const format = core.backend_util.convertConv2DDataFormat(dataFormat);
    const info = core.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode, false, format);
    return core.tidy(() => {
      const gradients = core.reshape<Rank.R2>(dy, [-1, info.outChannels]);
      const met = patches(core, x, info).map((patch) => core.matMul<Tensor2D>(core.reshape<Rank.R2>(patch, [-1, info.inChannels]), gradients, true));
      return core.reshape(core.stack(met), filterShape);
    });
  },
});

export default composition;
