import type { Activation, Blocks, ConvOptions, Node } from './blocks.js';

export interface NormalisedOptions extends Omit<ConvOptions, 'bias'> {
  activation?: Activation;
  epsilon?: number;
  /** What the trainable scale begins with. */
  scale?: number;
}

/**
 * With this the last scale of a branch beside a short cut begins. At 1 the signal's variance would double with each of up to 80
 * blocks, and a model that was not trained yet would answer with certainty.
 */
export const BRANCH_SCALE = 0.2;

/** Convolution, batch normalisation, activation. */
export function convNorm(b: Blocks, x: Node, filters: number, kernel: number | [number, number], { activation = 'relu', epsilon, scale, ...options }: NormalisedOptions = {}): Node {
  return b.activate(b.batchNorm(b.conv(x, filters, kernel, options), epsilon, scale), activation);
}

/** Depthwise convolution, batch normalisation, activation. */
export function depthwiseNorm(b: Blocks, x: Node, kernel: number, stride: number, activation: Activation, epsilon?: number): Node {
  return b.activate(b.batchNorm(b.depthwise(x, kernel, stride), epsilon), activation);
}

/** The classifier of most models: the mean over all places, and one dense layer. */
export function classify(b: Blocks, x: Node, classes: number, dropout = 0): Node {
  const features = b.globalAverage(x);
  return b.dense(dropout > 0 ? b.dropout(features, dropout) : features, classes, 'softmax');
}
