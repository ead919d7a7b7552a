import type * as tfc from '@tensorflow/tfjs-core';
import type { backend_util, Tensor4D } from '@tensorflow/tfjs-core';

/**
 * What each place of a filter meets: for each (i, j) of the filter, row by row, the input at y·stride + i·dilation − padding,
 * [batch, outHeight, outWidth, channels].
 */
export function patches(core: typeof tfc, x: Tensor4D, info: backend_util.Conv2DInfo): Tensor4D[] {
  const { padInfo, filterHeight, filterWidth, dilationHeight, dilationWidth, outHeight, outWidth, strideHeight, strideWidth, batchSize, inChannels, inHeight, inWidth } = info;
  const height = Math.max(inHeight + padInfo.top + padInfo.bottom, (filterHeight - 1) * dilationHeight + (outHeight - 1) * strideHeight + 1);
  const width = Math.max(inWidth + padInfo.left + padInfo.right, (filterWidth - 1) * dilationWidth + (outWidth - 1) * strideWidth + 1);
  const padded = core.pad(x, [
    [0, 0],
    [padInfo.top, height - inHeight - padInfo.top],
    [padInfo.left, width - inWidth - padInfo.left],
    [0, 0],
  ]);
  const list: Tensor4D[] = [];
  for (let i = 0; i < filterHeight; i++)
    for (let j = 0; j < filterWidth; j++) {
      const top = i * dilationHeight;
      const left = j * dilationWidth;
      const end = [batchSize, top + (outHeight - 1) * strideHeight + 1, left + (outWidth - 1) * strideWidth + 1, inChannels];
      list.push(core.stridedSlice(padded, [0, top, left, 0], end, [1, strideHeight, strideWidth, 1]) as Tensor4D);
    }
  return list;
}
