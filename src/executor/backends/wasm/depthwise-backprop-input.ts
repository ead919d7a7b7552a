import type { Rank, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { depthwiseInfo, type DepthwiseAttributes } from './depthwise-info.js';
import type { Composition } from './kernels.js';

/**
 * Gradient of a depthwise convolution with respect to its input: a depthwise convolution, with the filter turned by half a turn,
 * of the gradients spread by the stride with zeros between and padded. With a multiplier, one such convolution for each, added up.
 */
const composition: Composition = (core) => ({
  kernelName: 'DepthwiseConv2dNativeBackpropInput',
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs }) => {
    const { dy, filter } = inputs as unknown as { dy: Tensor4D; filter: Tensor4D };
    const { inputShape, ...attributes } = attrs as unknown as DepthwiseAttributes & { inputShape: [number, number, number, number] };
    const info = depthwiseInfo(core, inputShape, filter.shape, attributes);
    const { batchSize, inHeight, inWidth, inChannels, padInfo, dilationHeight, dilationWidth, strideHeight, strideWidth } = info;
    const reachHeight = (info.filterHeight - 1) * dilationHeight;
    const reachWidth = (info.filterWidth - 1) * dilationWidth;
    const [, , , multiplier] = filter.shape;
    return core.tidy(() => {
      const turned = core.reverse(filter, [0, 1]);
      const spread = zerosBetween(core.reshape(dy, [batchSize, info.outHeight, info.outWidth, inChannels, multiplier]));
      let total: Tensor | undefined;
      for (let m = 0; m < multiplier; m++) {
        const gradients = core.reshape<Rank.R4>(core.slice(spread, [0, 0, 0, 0, m], [-1, -1, -1, -1, 1]), [batchSize, spread.shape[1]!, spread.shape[2]!, inChannels]);
        const placed = fitted(gradients, reachHeight - padInfo.top, inHeight + reachHeight, reachWidth - padInfo.left, inWidth + reachWidth);
        const part = core.depthwiseConv2d(placed, core.slice(turned, [0, 0, 0, m], [-1, -1, -1, 1]), 1, 'valid', 'NHWC', [dilationHeight, dilationWidth]);
        total = total === undefined ? part : core.add(total, part);
      }
      return total!;
    });

    /** [b, h, w, c, m] → [b, h·stride, w·stride, c, m] with zeros after each value. */
    function zerosBetween(values: Tensor): Tensor {
      if (strideHeight === 1 && strideWidth === 1) return values;
      const [b, h, w, c, m] = values.shape;
      const flat = core.reshape(values, [b * h, 1, w, 1 * c * m]);
      const wide = core.reshape(core.pad(core.reshape(flat, [b * h * w, 1, c * m]), [[0, 0], [0, strideWidth - 1], [0, 0]]), [b * h, 1, w * strideWidth * c * m]);
      return core.reshape(core.pad(wide, [[0, 0], [0, strideHeight - 1], [0, 0]]), [b, h * strideHeight, w * strideWidth, c, m]);
    }

    /** Pads with zeros before, and pads or cuts behind, to the given height and width; cuts before if `top` or `left` is negative. */
    function fitted(values: Tensor4D, top: number, height: number, left: number, width: number): Tensor4D {
      const cut = core.slice(values, [0, Math.max(0, -top), Math.max(0, -left), 0], [
        -1,
        Math.min(values.shape[1] - Math.max(0, -top), height - Math.max(0, top)),
        Math.min(values.shape[2] - Math.max(0, -left), width - Math.max(0, left)),
        -1,
      ]);
      const before = [Math.max(0, top), Math.max(0, left)];
      return core.pad(cut, [[0, 0], [before[0], height - before[0] - cut.shape[1]], [before[1], width - before[1] - cut.shape[2]], [0, 0]]);
    }
  },
});

export default composition;
