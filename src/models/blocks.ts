import type * as tfl from '@tensorflow/tfjs-layers';
import type { Layers } from './contract.js';

/** The output of a layer: [batch, height, width, channels], or [batch, features]. */
export type Node = tfl.SymbolicTensor;

export type Activation = 'none' | 'relu' | 'relu6' | 'swish' | 'hard-swish';

export interface ConvOptions {
  stride?: number;
  pad?: 'same' | 'valid';
  bias?: boolean;
}

/** The layers that the zoo's models are made of, each with a name that counts up: the same model has the same names in every process. */
export interface Blocks {
  conv(x: Node, filters: number, kernel: number | [number, number], options?: ConvOptions): Node;
  depthwise(x: Node, kernel: number, stride: number): Node;
  /** `scale` is what its trainable scale begins with. */
  batchNorm(x: Node, epsilon?: number, scale?: number): Node;
  activate(x: Node, activation: Activation): Node;
  /** 0 to 1: sigmoid, or its approximation by three straight lines, relu6(x + 3) / 6. */
  gate(x: Node, kind: 'sigmoid' | 'hard-sigmoid'): Node;
  dense(x: Node, units: number, activation?: 'relu' | 'softmax'): Node;
  softmax(x: Node): Node;
  /** `ceil`: a window that hangs over the edge counts. The input must not be negative then. */
  maxPool(x: Node, size: number, stride: number, pad?: 'same' | 'valid' | 'ceil'): Node;
  /** Zeros on all four sides. */
  pad(x: Node, by: number): Node;
  averagePool(x: Node, size: number, stride: number, pad?: 'same' | 'valid'): Node;
  /** Average pooling to size × size; a smaller input is first repeated. Exact where one size divides the other. */
  averagePoolTo(x: Node, size: number): Node;
  /** [batch, h, w, c] → [batch, c] */
  globalAverage(x: Node): Node;
  flatten(x: Node): Node;
  /** [batch, c] → [batch, 1, 1, c] */
  asPixel(x: Node): Node;
  dropout(x: Node, rate: number): Node;
  add(a: Node, b: Node): Node;
  multiply(a: Node, b: Node): Node;
  concat(parts: Node[]): Node;
}

export const channels = (x: Node): number => x.shape[x.shape.length - 1]!;

/** Kernels begin as zeros, which costs nothing, and get their values from `initialise` afterwards. */
const kernelInitializer = 'zeros';

/** Opens the blocks for one model. */
export function openBlocks({ layers, initializers }: Layers, seed: number): Blocks {
  const counts: Record<string, number> = {};
  const name = (kind: string): string => `${kind}_${(counts[kind] = (counts[kind] ?? 0) + 1)}`;
  const rescale = (x: Node, scale: number, offset: number): Node => layers.rescaling({ name: name('rescaling'), scale, offset }).apply(x) as Node;
  const relu = (x: Node, maxValue?: number): Node => layers.reLU({ name: name('relu'), maxValue }).apply(x) as Node;

  const blocks: Blocks = {
    conv: (x, filters, kernelSize, { stride = 1, pad = 'same', bias = false } = {}) =>
      layers.conv2d({ name: name('conv'), filters, kernelSize, strides: stride, padding: pad, useBias: bias, kernelInitializer }).apply(x) as Node,
    depthwise: (x, kernelSize, strides) =>
      layers.depthwiseConv2d({ name: name('depthwise'), kernelSize, strides, padding: 'same', useBias: false, depthwiseInitializer: kernelInitializer }).apply(x) as Node,
    batchNorm: (x, epsilon = 1e-5, scale = 1) =>
      layers.batchNormalization({ name: name('batch_norm'), epsilon, momentum: 0.9, gammaInitializer: initializers.constant({ value: scale }) }).apply(x) as Node,
    activate: (x, activation) => {
      if (activation === 'none') return x;
      if (activation === 'relu') return relu(x);
      if (activation === 'relu6') return relu(x, 6);
      return blocks.multiply(x, blocks.gate(x, activation === 'swish' ? 'sigmoid' : 'hard-sigmoid'));
    },
    gate: (x, kind) => (kind === 'sigmoid' ? (layers.activation({ name: name('sigmoid'), activation: 'sigmoid' }).apply(x) as Node) : rescale(relu(rescale(x, 1, 3), 6), 1 / 6, 0)),
    dense: (x, units, activation) => layers.dense({ name: name('dense'), units, activation, kernelInitializer }).apply(x) as Node,
    softmax: (x) => layers.softmax({ name: name('softmax') }).apply(x) as Node,
    maxPool: (x, poolSize, strides, pad = 'valid') => {
      const over = pad === 'ceil' ? [1, 2].map((axis) => Math.ceil((x.shape[axis]! - poolSize) / strides) * strides + poolSize - x.shape[axis]!) : [0, 0];
      const whole = over.some((n) => n > 0) ? (layers.zeroPadding2d({ name: name('pad'), padding: [[0, over[0]], [0, over[1]]] }).apply(x) as Node) : x;
      return layers.maxPooling2d({ name: name('max_pool'), poolSize, strides, padding: pad === 'same' ? 'same' : 'valid' }).apply(whole) as Node;
    },
    pad: (x, by) => layers.zeroPadding2d({ name: name('pad'), padding: [[by, by], [by, by]] }).apply(x) as Node,
    averagePool: (x, poolSize, strides, padding = 'valid') => layers.averagePooling2d({ name: name('average_pool'), poolSize, strides, padding }).apply(x) as Node,
    averagePoolTo: (x, size) => {
      const times = Math.max(1, Math.ceil(size / x.shape[1]!));
      const large = times > 1 ? (layers.upSampling2d({ name: name('repeat'), size: [times, times] }).apply(x) as Node) : x;
      const stride = Math.floor(large.shape[1]! / size);
      const kernel = large.shape[1]! - (size - 1) * stride;
      return kernel === 1 ? large : blocks.averagePool(large, kernel, stride);
    },
    globalAverage: (x) => layers.globalAveragePooling2d({ name: name('global_average'), dataFormat: 'channelsLast' }).apply(x) as Node,
    flatten: (x) => layers.flatten({ name: name('flatten') }).apply(x) as Node,
    asPixel: (x) => layers.reshape({ name: name('reshape'), targetShape: [1, 1, channels(x)] }).apply(x) as Node,
    dropout: (x, rate) => layers.dropout({ name: name('dropout'), rate, seed }).apply(x) as Node,
    add: (a, b) => layers.add({ name: name('add') }).apply([a, b]) as Node,
    multiply: (a, b) => layers.multiply({ name: name('multiply') }).apply([a, b]) as Node,
    concat: (parts) => layers.concatenate({ name: name('concat'), axis: -1 }).apply(parts) as Node,
  };
  return blocks;
}
