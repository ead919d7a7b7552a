import type * as core from '@tensorflow/tfjs-core';

type Core = typeof core;
type Padding = 'same' | 'valid' | number;

/**
 * Mends the gradient of average pooling with padding. At the border of an image TensorFlow.js divides by the places of a window that
 * lie inside of the image, and in the gradient by all of its places. Here what comes back is divided by the former, as it is in
 * TensorFlow, whose own backend is right and left alone.
 */
export function mendAveragePooling(tf: Core): void {
  tf.unregisterGradient('AvgPool');
  tf.registerGradient({
    kernelName: 'AvgPool',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => {
      const { filterSize, strides, pad } = attributes as unknown as { filterSize: [number, number] | number; strides: [number, number] | number; pad: Padding };
      const from = (given: core.Tensor): core.Tensor => tf.engine().runKernel('AvgPoolGrad', { dy: given, input: x }, attributes);
      if (pad === 'valid' || tf.getBackend() === 'tensorflow') return { x: () => from(dy as core.Tensor) };
      return { x: () => tf.tidy(() => from(tf.mul(dy as core.Tensor, allOverInside(tf, x.shape as core.Tensor4D['shape'], filterSize, strides, pad)))) };
    },
  });
}

/** All places of each window over those inside of the image; [1, height, width, 1] of the output. */
function allOverInside(tf: Core, shape: core.Tensor4D['shape'], filterSize: [number, number] | number, strides: [number, number] | number, pad: Padding): core.Tensor {
  const { inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad);
  const along = (out: number, size: number, filter: number, stride: number, before: number): number[] =>
    Array.from({ length: out }, (_, i) => filter / (Math.min(i * stride - before + filter, size) - Math.max(i * stride - before, 0)));
  const rows = along(outHeight, inHeight, filterHeight, strideHeight, padInfo.top);
  const columns = along(outWidth, inWidth, filterWidth, strideWidth, padInfo.left);
  return tf.tensor(rows.flatMap((row) => columns.map((column) => row * column)), [1, outHeight, outWidth, 1]);
}
