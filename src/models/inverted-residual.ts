import { channels, type Activation, type Blocks, type Node } from './blocks.js';
import { BRANCH_SCALE, convNorm, depthwiseNorm } from './convolutions.js';

export interface InvertedResidual {
  kernel: number;
  stride: number;
  /** Channels between the two convolutions; none are added if there are as many already. */
  expanded: number;
  out: number;
  activation: Activation;
  /** Squeeze-and-excitation: the channels of its narrow middle, and its two activations. */
  squeeze?: { channels: number; activation: Activation; gate: 'sigmoid' | 'hard-sigmoid' };
  epsilon?: number;
}

/** A multiplication of every channel by a number between 0 and 1 that all channels decide on (Hu et al. 2018). */
export function squeezeAndExcite(b: Blocks, x: Node, { channels: narrow, activation, gate }: NonNullable<InvertedResidual['squeeze']>): Node {
  const middle = b.activate(b.conv(b.asPixel(b.globalAverage(x)), narrow, 1, { bias: true }), activation);
  return b.multiply(x, b.gate(b.conv(middle, channels(x), 1, { bias: true }), gate));
}

/** Wide in the middle, narrow at both ends, with a short cut where the shape stays (Sandler et al. 2018). */
export function invertedResidual(b: Blocks, x: Node, { kernel, stride, expanded, out, activation, squeeze, epsilon }: InvertedResidual): Node {
  const wide = expanded === channels(x) ? x : convNorm(b, x, expanded, 1, { activation, epsilon });
  const filtered = depthwiseNorm(b, wide, kernel, stride, activation, epsilon);
  const weighed = squeeze === undefined ? filtered : squeezeAndExcite(b, filtered, squeeze);
  const keepsShape = stride === 1 && channels(x) === out;
  const y = convNorm(b, weighed, out, 1, { activation: 'none', epsilon, scale: keepsShape ? BRANCH_SCALE : 1 });
  return keepsShape ? b.add(y, x) : y;
}

/** The nearest multiple of 8, not more than a tenth below. */
export function toMultipleOf8(value: number): number {
  const rounded = Math.max(8, Math.floor((value + 4) / 8) * 8);
  return rounded < 0.9 * value ? rounded + 8 : rounded;
}
