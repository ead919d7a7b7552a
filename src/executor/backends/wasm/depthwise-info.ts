import type * as tfc from '@tensorflow/tfjs-core';
import type { backend_util } from '@tensorflow/tfjs-core';

export interface DepthwiseAttributes {
  strides: [number, number] | number;
  dilations?: [number, number] | number;
  pad: 'same' | 'valid' | number | backend_util.ExplicitPadding;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** The geometry of a depthwise convolution. */
export function depthwiseInfo(
  core: typeof tfc,
  inputShape: [number, number, number, number],
  filterShape: [number, number, number, number],
  { strides, dilations, pad, dimRoundingMode }: DepthwiseAttributes,
): backend_util.Conv2DInfo {
  return core.backend_util.computeConv2DInfo(inputShape, filterShape, strides, dilations ?? 1, pad, dimRoundingMode, true);
}
